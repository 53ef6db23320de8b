// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.job;

import io.dimstore.bench.compare.arm.Arm;
import io.dimstore.bench.compare.arm.Arms;
import io.dimstore.bench.compare.settings.InputOptions;
import io.dimstore.bench.report.JsonOption;
import io.dimstore.bench.stats.Estimate;
import io.dimstore.cli.DurationText;
import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.Progress;
import io.dimstore.cli.Usage;
import io.dimstore.events.replay.FileInput;
import io.dimstore.stack.StackOptions;
import io.dimstore.stack.command.DynamoDbServerOption;
import io.dimstore.stack.server.Server;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

/** {@code bench job}: see its help. */
@Command(
    name = "job",
    description = {
      "Measures what an event costs the feature job on each store, as a multiple of the same work",
      "in plain Java without Flink, which is the arm 'plain'. All arms run at once, and blocks of",
      "the same events go to one arm after the other, in random order. Reports CPU time by groups",
      "of threads, allocations and requests per event, and checks each row against the oracle.",
      "Ends with exit code 3 if a row differs. docs/performance.md explains how to read it."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore bench job",
      "  bin/dimstore bench job --arms memory,hbase-redis,dynamodb --json job.json",
      "  bin/dimstore bench job --arms dynamodb --limit 600000 --rounds 20",
      "  bin/dimstore bench job --arms memory --flame-graphs flames",
      "  bin/dimstore bench job --input data.csv.gz --input-format online-retail --json job.json"
    })
public final class JobCommand implements Callable<Integer> {

  private static final long GENERATED = 240_000;
  private static final int LEAST_ROUNDS = Estimate.LEAST;
  private static final int MOST_ROUNDS = 1_000;
  private static final int MOST_WARM_UP = 100_000_000;
  private static final Duration LONGEST_LINGER = Duration.ofSeconds(1);

  @Spec private @Nullable CommandSpec spec;

  @Mixin private InputOptions inputOptions = new InputOptions();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description =
          "The most records to read. Also the number of generated events, which is 240,000 without"
              + " this option.")
  private @Nullable Long limit;

  @Option(
      names = "--arms",
      paramLabel = "ARM,...",
      showDefaultValue = Visibility.NEVER,
      split = ",",
      description =
          "Arms to run, separated by commas, such as memory,dynamodb. The arm 'plain' always runs."
              + " Without this option, so do all whose job uses dimstore's connector for all tables.")
  private Set<String> arms = new LinkedHashSet<>();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "8",
      description =
          "Measured blocks per arm, 6 to 1,000. Together they contain the events of the input.")
  private int rounds = 8;

  @Option(
      names = "--warm-up-events",
      paramLabel = "N",
      defaultValue = "400000",
      description =
          "Events that each arm processes before those of the input, 1 to 100,000,000. They are the"
              + " input's, with other ids and at earlier times, so an input of less than a thousand"
              + " events may have fewer. With few, the figures are of code that is still being"
              + " compiled.")
  private int warmUp = 400_000;

  @Option(
      names = "--linger",
      paramLabel = "DURATION",
      defaultValue = "5ms",
      description =
          "How long the producers of all arms wait for further rows before they send, 0ms to 1s:"
              + " linger.ms of Kafka. The feature job does not wait unless it gets --kafka-option"
              + " linger.ms=5.")
  private Duration linger = Duration.ofMillis(5);

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

  @Mixin private JsonOption json = new JsonOption();

  @Option(
      names = "--flame-graphs",
      paramLabel = "DIR",
      description =
          "Folder for a flame graph of each arm, ARM.svg, of the measured blocks. Recording costs a"
              + " little CPU time, which the figures then include.")
  private @Nullable Path flameGraphs;

  @Mixin private DynamoDbServerOption dynamoDb = new DynamoDbServerOption();

  /** For picocli. */
  public JobCommand() {}

  @Override
  public Integer call() throws IOException {
    JobBenchSettings settings = settings();
    CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
    PrintWriter out = commandLine.getOut();
    JobBench bench = new JobBench(settings, new Progress(commandLine.getErr()));
    JobFigures figures = bench.run();
    json.write(figures);
    out.println();
    out.print(figures.table());
    out.println();
    out.println("CPU in microseconds per event, by group of threads. The ratios leave out jit.");
    bench.firstMismatches().forEach(line -> out.println("  ! " + line));
    out.println(
        figures.isRight()
            ? "Every row of every arm equals the oracle's."
            : "Some rows are NOT the oracle's.");
    out.flush();
    return figures.isRight() ? ExitCodes.OK : ExitCodes.NEGATIVE;
  }

  private JobBenchSettings settings() {
    Usage.requireBetween(LEAST_ROUNDS, MOST_ROUNDS, "--rounds", rounds);
    Usage.requireBetween(1, 64, "--parallelism", parallelism);
    Usage.requireBetween(1, MOST_WARM_UP, "--warm-up-events", warmUp);
    if (linger.isNegative() || linger.compareTo(LONGEST_LINGER) > 0) {
      throw Usage.badValue("--linger", DurationText.of(linger), "must be 0ms to 1s");
    }
    if (limit != null) {
      Usage.requireAtLeast(rounds, "--limit", limit);
    }
    json.requireWritable();
    if (flameGraphs != null && Files.exists(flameGraphs) && !Files.isDirectory(flameGraphs)) {
      throw Usage.badValue("--flame-graphs", flameGraphs, "must be a folder");
    }
    List<Arm> chosen = arms();
    Set<Server> servers = new HashSet<>(Set.of(Server.of("kafka")));
    chosen.forEach(arm -> servers.addAll(arm.servers()));
    return new JobBenchSettings(
        inputOptions.input(
            limit == null ? GENERATED : limit, limit == null ? FileInput.ALL : limit, seed),
        chosen,
        dynamoDb.applyTo(StackOptions.of(servers)),
        warmUp,
        rounds,
        parallelism,
        linger,
        seed,
        flameGraphs);
  }

  private List<Arm> arms() {
    List<Arm> all =
        Arms.find(Objects.requireNonNull(JobCommand.class.getClassLoader())).stream()
            .filter(Arm::usesItsStore)
            .toList();
    if (arms.isEmpty()) {
      return all;
    }
    Set<String> withFlink = new LinkedHashSet<>(arms);
    withFlink.remove(MeasuredArm.PLAIN);
    return Arms.chosen(withFlink, all);
  }
}
