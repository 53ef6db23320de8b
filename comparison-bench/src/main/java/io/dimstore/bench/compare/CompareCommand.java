// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare;

import io.dimstore.bench.compare.arm.Arm;
import io.dimstore.bench.compare.arm.Arms;
import io.dimstore.bench.compare.report.ComparisonTable;
import io.dimstore.bench.compare.report.ReportFiles;
import io.dimstore.bench.compare.report.Results;
import io.dimstore.bench.compare.run.Compare;
import io.dimstore.bench.compare.settings.CompareSettings;
import io.dimstore.bench.compare.settings.InputOptions;
import io.dimstore.bench.compare.settings.Profile;
import io.dimstore.bench.subject.BenchException;
import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.Progress;
import io.dimstore.cli.Usage;
import io.dimstore.events.input.EventInput;
import io.dimstore.events.replay.FileInput;
import io.dimstore.stack.StackOptions;
import io.dimstore.stack.command.DynamoDbServerOption;
import io.dimstore.stack.server.Server;
import io.dimstore.stack.server.StackException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code compare}: see its help. */
@Command(
    name = "compare",
    description = {
      "Runs the identical feature job on every path, on real servers that it starts itself,",
      "and reports whether the results are the same and what each path cost. Ends with exit code 3",
      "if the results differ."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore compare",
      "  bin/dimstore compare --profile quick --arms hbase-redis,dynamodb",
      "  bin/dimstore compare --profile quick --arms memory,dynamodb --paced-rate 500",
      "  bin/dimstore compare --profile full --input data.csv.gz --input-format online-retail"
    })
public final class CompareCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--profile",
      paramLabel = "smoke|quick|full",
      defaultValue = "smoke",
      description =
          "How many events: smoke 10,000, quick 100,000, full 1,000,000 or the whole file. Smoke has"
              + " results and requests, and no timings: its events are too few to warm the job up.")
  private Profile profile = Profile.SMOKE;

  @Mixin private InputOptions inputOptions = new InputOptions();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description =
          "The most records to read. Replaces the profile's number, also that of generated events.")
  private @Nullable Long limit;

  @Option(
      names = "--paced-rate",
      paramLabel = "N",
      description =
          "Events per second of the last part, whose latencies are reported, 1 to 100,000. Without"
              + " this option 200 in the profiles smoke and quick, 500 in full.")
  private @Nullable Integer pacedRate;

  @Option(
      names = "--arms",
      paramLabel = "ARM,...",
      showDefaultValue = Visibility.NEVER,
      split = ",",
      description =
          "Arms to run, separated by commas, such as memory,dynamodb. All that there are without this"
              + " option. docs/comparison.md lists them.")
  private Set<String> arms = new LinkedHashSet<>();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "out/compare",
      description =
          "Folder to write to. It gets results.json, report.html and the logs of the arms.")
  private Path out = Path.of("out/compare");

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Seed of everything that is drawn at random. Also decides the order of the arms.")
  private long seed = 1;

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      defaultValue = "2",
      description =
          "Parallelism of all operators of the job. Also the number of partitions of a topic.")
  private int parallelism = 2;

  @Mixin private DynamoDbServerOption dynamoDb = new DynamoDbServerOption();

  /** For picocli. */
  public CompareCommand() {}

  @Override
  public Integer call() throws IOException {
    CompareSettings settings = settings();
    CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
    PrintWriter stdout = commandLine.getOut();
    ReportFiles report = new ReportFiles(settings.out());
    Results results = run(settings, report, commandLine.getErr());
    stdout.println();
    stdout.print(ComparisonTable.of(results));
    stdout.println();
    results.problems().forEach(problem -> stdout.println("  ! " + problem));
    stdout.println(
        results.identical()
            ? "Results are identical: every row of every arm equals the oracle's."
            : "Results are NOT identical.");
    stdout.println("Report: " + report.html() + "   Results: " + report.json());
    stdout.flush();
    return results.identical() ? ExitCodes.OK : ExitCodes.NEGATIVE;
  }

  private static Results run(CompareSettings settings, ReportFiles report, PrintWriter err)
      throws IOException {
    Compare compare = new Compare(settings, new Progress(err));
    try {
      return compare.run();
    } catch (BenchException | StackException e) {
      if (compare.hasReported()) {
        err.println("Report so far: " + report.html());
      }
      throw e;
    }
  }

  private CompareSettings settings() {
    if (limit != null) {
      Usage.requireAtLeast(2, "--limit", limit);
    }
    Usage.requireBetween(1, 64, "--parallelism", parallelism);
    if (pacedRate != null) {
      Usage.requireBetween(1, 100_000, "--paced-rate", pacedRate);
    }
    if (Files.exists(out) && !Files.isDirectory(out)) {
      throw Usage.badValue("--out", out, "must be a folder and is a file");
    }
    List<Arm> chosen = arms();
    return new CompareSettings(
        profile.id(),
        input(),
        chosen,
        servers(chosen),
        out,
        seed,
        parallelism,
        profile.pacedEvents,
        pacedRate != null ? pacedRate : profile.pacedPerSecond,
        commandLine());
  }

  private String commandLine() {
    return CommandText.of(
        "bin/dimstore",
        Objects.requireNonNull(spec).root().commandLine().getParseResult().originalArgs(),
        System.getenv());
  }

  private StackOptions servers(List<Arm> chosen) {
    Set<Server> servers = new HashSet<>(Set.of(Server.of("kafka")));
    chosen.forEach(arm -> servers.addAll(arm.servers()));
    return dynamoDb.applyTo(StackOptions.of(servers));
  }

  private List<Arm> arms() {
    List<Arm> all = Arms.find(Objects.requireNonNull(CompareCommand.class.getClassLoader()));
    return arms.isEmpty() ? all : Arms.chosen(arms, all);
  }

  private EventInput input() {
    long lines = limit != null ? limit : profile == Profile.FULL ? FileInput.ALL : profile.events;
    return inputOptions.input(limit == null ? profile.events : limit, lines, seed);
  }
}
