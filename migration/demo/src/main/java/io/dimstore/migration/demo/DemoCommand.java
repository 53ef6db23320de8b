// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.Progress;
import io.dimstore.cli.Usage;
import io.dimstore.events.generate.GeneratedInput;
import io.dimstore.events.generate.GeneratorOptions;
import io.dimstore.events.input.EventInput;
import io.dimstore.events.record.EventStreamException;
import io.dimstore.events.replay.FileInput;
import io.dimstore.events.replay.ReplayFormat;
import io.dimstore.migration.FurtherCommand;
import io.dimstore.stack.server.ProjectHome;
import io.dimstore.stack.server.StackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code migrate demo}. */
@Command(
    name = "demo",
    description =
        "Runs a whole migration from HBase and Redis to DynamoDB on servers of this machine, which it"
            + " starts and ends. A job and a plain HBase client write the table all along. It shows"
            + " every command with its output, the evidence for every gate, a cut-over that is refused"
            + " because of a wrong row, and a roll-back. docs/migration-playbook.md explains the"
            + " steps. Takes about eight minutes."
            + " Ends with exit code 3 if a write was lost or a step went wrong.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore migrate demo",
      "  bin/dimstore migrate demo --json demo.json --input generate"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class DemoCommand implements FurtherCommand {

  private static final String GENERATE = "generate";
  private static final long GENERATED_EVENTS = 200_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "File to write the figures to as well, as JSON.")
  private @Nullable Path json;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "out/migrate-demo",
      description =
          "Folder to write to. It gets the files that the commands use, and what each step printed.")
  private Path out;

  @Option(
      names = "--input",
      paramLabel = "generate|FILE",
      description =
          "Events to use: seeded synthetic ones, or those of a file, plain or .gz. The file must have"
              + " the format online-retail. Without this option it is"
              + " ../shared/data/online-retail.csv.gz beside the project if that exists, and"
              + " otherwise synthetic ones.")
  private @Nullable String input;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "The most records to read. Also the number of generated events.")
  private @Nullable Long limit;

  /** For picocli. */
  public DemoCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (limit != null) {
      Usage.requireAtLeast(1000, "--limit", limit);
    }
    if (Files.exists(out) && !Files.isDirectory(out)) {
      throw Usage.badValue("--out", out, "must be a folder and is a file");
    }
    Path parent = json == null ? null : json.toAbsolutePath().getParent();
    if (json != null && (parent == null || !Files.isDirectory(parent))) {
      throw Usage.badValue("--json", json, "must be a file in a folder that exists");
    }
    EventInput chosen = input();
    Files.createDirectories(out);
    Progress progress = new Progress(spec.commandLine().getErr());
    Transcript transcript =
        new Transcript(
            out.toAbsolutePath(), spec.commandLine().getOut(), spec.commandLine().getErr());
    DemoResult result;
    try {
      ItemRows rows = ItemRows.read(chosen, progress);
      result = new Demo(transcript, progress, rows, chosen.description()).run();
    } catch (StackException | EventStreamException e) {
      throw new DemoException(String.valueOf(e.getMessage()), e);
    }
    if (json != null) {
      Files.writeString(
          json,
          new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(result)
              + "\n");
    }
    spec.commandLine().getOut().println("Files: " + out);
    spec.commandLine().getOut().flush();
    return result.holds() ? ExitCodes.OK : ExitCodes.NEGATIVE;
  }

  private EventInput input() {
    if (GENERATE.equals(input)) {
      return generated();
    }
    if (input == null) {
      Path real = ProjectHome.find().resolve("../shared/data/online-retail.csv.gz").normalize();
      return Files.isReadable(real) ? replayed(real) : generated();
    }
    Path file = Path.of(input);
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw Usage.badValue("--input", file, "must be a file that can be read, or 'generate'");
    }
    return replayed(file);
  }

  private EventInput replayed(Path file) {
    return FileInput.of(file, ReplayFormat.ONLINE_RETAIL, limit == null ? FileInput.ALL : limit);
  }

  private EventInput generated() {
    return GeneratedInput.of(
        GeneratorOptions.defaults().withCount(limit == null ? GENERATED_EVENTS : limit));
  }
}
