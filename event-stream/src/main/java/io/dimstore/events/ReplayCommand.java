// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events;

import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.Usage;
import io.dimstore.events.input.InputReport;
import io.dimstore.events.record.EventStreamException;
import io.dimstore.events.replay.FileInput;
import io.dimstore.events.replay.ReplayFormat;
import io.dimstore.events.transfer.TransferPace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code events replay}. */
@Command(
    name = "replay",
    description = {
      "Writes the events of a real file, and the dimension changes that it shows.",
      "Lines that cannot be an event are counted by reason and kept."
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore events replay online-retail.csv.gz --input-format online-retail \\",
      "      --out /tmp/events",
      "  bin/dimstore events replay UserBehavior.csv --input-format user-behavior --limit 1000000 \\",
      "      --speed 3600 --bootstrap localhost:9092 --refused refused.jsonl"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ReplayCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "CSV, plain or compressed with gzip.")
  private Path file;

  @Option(
      names = "--input-format",
      required = true,
      paramLabel = "online-retail|user-behavior",
      description = "What the file holds. docs/event-stream.md has the mapping of each format.")
  private ReplayFormat format;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description =
          "The most records to read. These are the lines after the header; all without this"
              + " option.")
  private @Nullable Long limit;

  @Option(
      names = "--speed",
      paramLabel = "X",
      description =
          "Replay the event times X times as fast; without it, as fast as possible. Excludes"
              + " --events-per-second.")
  private @Nullable Double speed;

  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    if (!Files.isRegularFile(file)) {
      throw Usage.badValue("FILE", file, "must be a file that exists");
    }
    if (speed != null && output.hasRate()) {
      throw Usage.error(
          "--speed and --events-per-second exclude each other; leave one of them out");
    }
    if (limit != null) {
      Usage.requireAtLeast(0, "--limit", limit);
    }
    long lines = limit == null ? FileInput.ALL : limit;
    InputReport report = output.run(spec, FileInput.of(file, format, lines), pace(), true).input();
    if (report.events() == 0 && lines > 0) {
      throw new EventStreamException(nothingUsable(report));
    }
    return ExitCodes.OK;
  }

  private String nothingUsable(InputReport report) {
    if (report.linesRead() == 0) {
      return file + " has no lines to read";
    }
    return String.format(
        Locale.ROOT,
        "none of the %,d lines read from %s is an event of the format %s: check --input-format, and"
            + " the reasons above",
        report.linesRead(),
        file,
        format.id());
  }

  private TransferPace pace() {
    if (speed == null) {
      return output.pace();
    }
    OutputOptions.requirePositive("--speed", speed);
    return new TransferPace.Speed(speed);
  }
}
