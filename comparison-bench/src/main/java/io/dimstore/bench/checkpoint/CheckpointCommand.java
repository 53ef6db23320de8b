// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.checkpoint;

import io.dimstore.bench.compare.arm.Arm;
import io.dimstore.bench.compare.arm.Arms;
import io.dimstore.bench.report.JsonOption;
import io.dimstore.bench.stats.Estimate;
import io.dimstore.bench.subject.BenchException;
import io.dimstore.cli.DurationText;
import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.Progress;
import io.dimstore.cli.Usage;
import io.dimstore.stack.StackOptions;
import io.dimstore.stack.server.Server;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
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

/** {@code bench checkpoint}: see its help. */
@Command(
    name = "checkpoint",
    description = {
      "Measures what checkpoints of the feature job cost when its state has many users, on Flink's",
      "heap backend and on RocksDB. First all users get their events; then blocks of events at a",
      "fixed rate, with and without a checkpoint in random order. Reports size and duration of the",
      "checkpoints, their CPU time and the latency from event to feature. Starts Kafka itself.",
      "Ends with exit code 3 if a row is repeated. docs/performance.md explains how to read it."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore bench checkpoint",
      "  bin/dimstore bench checkpoint --users 50000 --json checkpoint.json",
      "  bin/dimstore bench checkpoint --backends rocksdb --rate 1000 --block 30s"
    })
public final class CheckpointCommand implements Callable<Integer> {

  private static final Duration LEAST_BLOCK = Duration.ofMillis(100);
  private static final Duration LONGEST_BLOCK = Duration.ofMinutes(10);

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--users",
      paramLabel = "N",
      defaultValue = "1000000",
      description =
          "Users that events are drawn from. The state has all of them. 100 to 10,000,000.")
  private int users = 1_000_000;

  @Option(
      names = "--events-per-user",
      paramLabel = "N",
      defaultValue = "2",
      description = "Events of each user before the first measured block, 1 to 100.")
  private int eventsPerUser = 2;

  @Option(
      names = "--backends",
      paramLabel = "BACKEND,...",
      split = ",",
      showDefaultValue = Visibility.NEVER,
      description =
          "State backends, separated by commas: heap, rocksdb. Without this option, both.")
  private Set<Backend> backends = new LinkedHashSet<>();

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "500",
      description = "Events per second in the measured blocks, 1 to 100,000.")
  private int rate = 500;

  @Option(
      names = "--block",
      paramLabel = "DURATION",
      defaultValue = "10s",
      description = "About how long a block takes, 100ms to 10m.")
  private Duration block = Duration.ofSeconds(10);

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "6",
      description =
          "Measured blocks per arm, 6 to 1,000. A backend is two arms: with checkpoints and without.")
  private int rounds = Estimate.LEAST;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of everything that is drawn at random.")
  private long seed = 1;

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      defaultValue = "2",
      description =
          "Parallelism of all operators of the job. Also the number of partitions of a topic.")
  private int parallelism = 2;

  @Mixin private JsonOption json = new JsonOption();

  /** For picocli. */
  public CheckpointCommand() {}

  @Override
  public Integer call() throws IOException {
    CheckpointBenchSettings settings = settings();
    CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
    PrintWriter out = commandLine.getOut();
    CheckpointFigures figures =
        new CheckpointBench(settings, new Progress(commandLine.getErr())).run();
    json.write(figures);
    out.println();
    out.print(figures.table());
    out.flush();
    return figures.isRight() ? ExitCodes.OK : ExitCodes.NEGATIVE;
  }

  private CheckpointBenchSettings settings() {
    Usage.requireBetween(100, 10_000_000, "--users", users);
    Usage.requireBetween(1, 100, "--events-per-user", eventsPerUser);
    Usage.requireBetween(1, 100_000, "--rate", rate);
    Usage.requireBetween(Estimate.LEAST, 1_000, "--rounds", rounds);
    Usage.requireBetween(1, 64, "--parallelism", parallelism);
    if (block.compareTo(LEAST_BLOCK) < 0 || block.compareTo(LONGEST_BLOCK) > 0) {
      throw Usage.badValue("--block", DurationText.of(block), "must be 100ms to 10m");
    }
    json.requireWritable();
    return new CheckpointBenchSettings(
        List.copyOf(backends.isEmpty() ? List.of(Backend.values()) : backends),
        arm(),
        StackOptions.of(Set.of(Server.of("kafka"))),
        users,
        eventsPerUser,
        rate,
        block,
        rounds,
        parallelism,
        seed);
  }

  /** Returns the first arm without a server: requests to one would be most of the latency. */
  private static Arm arm() {
    return Arms.find(Objects.requireNonNull(CheckpointCommand.class.getClassLoader())).stream()
        .filter(arm -> arm.usesItsStore() && arm.servers().isEmpty())
        .findFirst()
        .orElseThrow(() -> new BenchException("No arm without a server is on the class path"));
  }
}
