// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup;

import io.dimstore.bench.lookup.arm.LookupArm;
import io.dimstore.bench.lookup.arm.LookupArms;
import io.dimstore.bench.report.JsonOption;
import io.dimstore.bench.stats.Estimate;
import io.dimstore.cli.DurationText;
import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.Progress;
import io.dimstore.cli.Usage;
import io.dimstore.stack.command.DynamoDbServerOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench lookup}: see its help. */
@Command(
    name = "lookup",
    description = {
      "Measures lookup joins: dimstore's connector, Flink's own HBase connector, and functions that",
      "call Redis, HBase and DynamoDB by hand. All jobs look the same keys up in the same table on",
      "the same servers, which it starts itself. Blocks of events go to one arm after the other, in",
      "random order. Reports events per second and their ratios with 95 %% intervals, CPU time and",
      "requests per event, and checks every joined row. Ends with exit code 3 if a row is wrong.",
      "docs/lookup-benchmark.md explains how to read it."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore bench lookup",
      "  bin/dimstore bench lookup --arms hbase-redis,stock,handmade,memory --json lookup.json",
      "  bin/dimstore bench lookup --arms dynamodb,getitem,memory --round-trip 1ms",
      "  bin/dimstore bench lookup --key-zipf 0 --misses 0.1 --rows 1000000",
      "  bin/dimstore bench lookup --arms hbase-redis-cached,handmade-cached --rounds 20"
    })
public final class LookupCommand implements Callable<Integer> {

  private static final int LEAST_ROUNDS = Estimate.LEAST;
  private static final int MOST_ROUNDS = 1_000;
  private static final Duration LEAST_BLOCK = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final Duration LONGEST_ROUND_TRIP = Duration.ofSeconds(1);

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--arms",
      paramLabel = "ARM,...",
      showDefaultValue = Visibility.NEVER,
      split = ",",
      description =
          "Arms to run, separated by commas, such as memory,dynamodb. All without this option.")
  private Set<String> arms = new LinkedHashSet<>();

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Rows in the table that is read, 100 to 1,000,000.")
  private int rows = 100_000;

  @Option(
      names = "--key-zipf",
      paramLabel = "S",
      defaultValue = "0.99",
      description = "Exponent of the Zipf distribution of the keys, 0 to 5; 0 is uniform.")
  private double keyZipf = 0.99;

  @Option(
      names = "--misses",
      paramLabel = "SHARE",
      defaultValue = "0",
      description = "Share of the events whose key has no row, 0 to 1.")
  private double misses;

  @Option(
      names = "--round-trip",
      paramLabel = "DURATION",
      defaultValue = "0ms",
      description =
          "What a delay line before each server adds to a round trip, such as 1ms. At most 1s. The"
              + " delay line runs in the measured process, so its CPU time is in the figures.")
  private Duration roundTrip = Duration.ZERO;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "10",
      description = "Measured blocks per arm, 6 to 1,000.")
  private int rounds = 10;

  @Option(
      names = "--block",
      paramLabel = "DURATION",
      defaultValue = "2s",
      description = "About how long a block takes, 100ms to 10m.")
  private Duration block = Duration.ofSeconds(2);

  @Option(
      names = "--warm-up",
      paramLabel = "DURATION",
      defaultValue = "15s",
      description =
          "The least time to run an operation before it is measured, so that the servers and this"
              + " process have compiled their code. At most 10m.")
  private Duration warmUp = Duration.ofSeconds(15);

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      defaultValue = "1",
      description = "Parallelism of all operators of the job. Each arm has a job of its own.")
  private int parallelism = 1;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      defaultValue = "1000",
      description =
          "The most lookups that a subtask of an asynchronous arm has in flight, 1 to 100,000:"
              + " 'table.exec.async-lookup.buffer-capacity' of Flink, whose own default is 100.")
  private int inFlight = 1_000;

  @Option(
      names = "--cached-rows",
      paramLabel = "N",
      defaultValue = "10000",
      description =
          "The most rows that an arm with a cache keeps: about so many in the process for dimstore, so"
              + " many in each subtask for the others.")
  private int cachedRows = 10_000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of everything that is drawn at random.")
  private long seed = 1;

  @Mixin private JsonOption json = new JsonOption();

  @Mixin private DynamoDbServerOption dynamoDb = new DynamoDbServerOption();

  /** For picocli. */
  public LookupCommand() {}

  @Override
  public Integer call() throws IOException {
    LookupBenchSettings settings = settings();
    CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
    PrintWriter out = commandLine.getOut();
    LookupBench bench = new LookupBench(settings, new Progress(commandLine.getErr()));
    LookupFigures figures = bench.run();
    json.write(figures);
    out.println();
    out.print(figures.table());
    out.println();
    out.print(figures.ratioTable());
    out.println();
    bench.firstWrong().forEach(line -> out.println("  ! " + line));
    out.println(
        figures.areRight() ? "Every joined row is right." : "Some joined rows are NOT right.");
    out.flush();
    return figures.areRight() ? ExitCodes.OK : ExitCodes.NEGATIVE;
  }

  private LookupBenchSettings settings() {
    Usage.requireBetween(100, 1_000_000, "--rows", rows);
    Usage.requireBetween(LEAST_ROUNDS, MOST_ROUNDS, "--rounds", rounds);
    Usage.requireBetween(1, 64, "--parallelism", parallelism);
    Usage.requireBetween(1, 100_000, "--in-flight", inFlight);
    Usage.requireBetween(1, 10_000_000, "--cached-rows", cachedRows);
    requireBetween("--key-zipf", keyZipf, 5);
    requireBetween("--misses", misses, 1);
    requireBetween("--block", block, LEAST_BLOCK, LONGEST);
    requireBetween("--warm-up", warmUp, Duration.ZERO, LONGEST);
    requireBetween("--round-trip", roundTrip, Duration.ZERO, LONGEST_ROUND_TRIP);
    json.requireWritable();
    List<LookupArm> chosen = chosen();
    Set<String> servers =
        chosen.stream().flatMap(arm -> arm.servers().stream()).collect(Collectors.toSet());
    return new LookupBenchSettings(
        chosen,
        servers,
        dynamoDb::applyTo,
        rows,
        keyZipf,
        misses,
        roundTrip,
        warmUp,
        block,
        rounds,
        parallelism,
        inFlight,
        cachedRows,
        seed);
  }

  private static void requireBetween(String option, double value, double most) {
    if (!(value >= 0 && value <= most)) {
      throw Usage.badValue(option, value, "must be 0 to " + (long) most);
    }
  }

  private static void requireBetween(String option, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw Usage.badValue(
          option,
          DurationText.of(value),
          "must be " + DurationText.of(least) + " to " + DurationText.of(most));
    }
  }

  private List<LookupArm> chosen() {
    List<LookupArm> all = LookupArms.all();
    for (String id : arms) {
      if (all.stream().noneMatch(arm -> arm.id().equals(id))) {
        throw Usage.badValue(
            "--arms",
            id,
            "must be one of " + all.stream().map(LookupArm::id).collect(Collectors.joining(", ")));
      }
    }
    return all.stream().filter(arm -> arms.isEmpty() || arms.contains(arm.id())).toList();
  }
}
