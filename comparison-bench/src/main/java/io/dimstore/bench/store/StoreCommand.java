// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.store;

import io.dimstore.bench.fixture.BenchSubject;
import io.dimstore.bench.report.JsonOption;
import io.dimstore.bench.stats.Estimate;
import io.dimstore.cli.DurationText;
import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.Progress;
import io.dimstore.cli.Usage;
import io.dimstore.stack.StackOptions;
import io.dimstore.stack.command.DynamoDbServerOption;
import io.dimstore.stack.server.Server;
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

/** {@code bench store}: see its help. */
@Command(
    name = "store",
    description = {
      "Measures a store against the plain clients on the same servers, which it starts itself:",
      "how many times as fast the store is, with a 95 %% interval, and the CPU time of each side",
      "per row. Blocks of both sides run in random order. The plain client measured against itself",
      "gives the noise floor. Ends with exit code 0 whatever the ratios are. docs/benchmarks.md",
      "explains how to read them."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore bench store --subject hbase-redis",
      "  bin/dimstore bench store --subject hbase-redis --operations readHit,readMiss",
      "  bin/dimstore bench store --subject slow-redis --blocks 10",
      "  bin/dimstore bench store --subject dynamodb --json dynamodb.json",
      "  bin/dimstore bench store --subject dynamodb --mixes",
      "  bin/dimstore bench store --subject hbase-redis --rows 50000 --blocks 60 --seed 7"
    })
public final class StoreCommand implements Callable<Integer> {

  private static final int LEAST_ROWS = 100;
  private static final int MOST_ROWS = 1_000_000;
  private static final int LEAST_BLOCKS = Estimate.LEAST;
  private static final int MOST_BLOCKS = 10_000;
  private static final List<String> NOT_WITH_MIXES =
      List.of("--operations", "--rows", "--warm-up", "--json");

  private static final Duration MOST_WARM_UP = Duration.ofHours(1);

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--subject",
      paramLabel = "SUBJECT",
      required = true,
      converter = SubjectConverter.class,
      completionCandidates = SubjectConverter.class,
      description =
          "What to measure, one of ${COMPLETION-CANDIDATES}: a store, or with slow-redis the store"
              + " hbase-redis while its Redis is slow, against itself without Redis.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private BenchSubject subject;

  @Option(
      names = "--operations",
      paramLabel = "OPERATION,...",
      showDefaultValue = Visibility.NEVER,
      split = ",",
      completionCandidates = OperationNames.class,
      description =
          "Operations to measure, separated by commas: ${COMPLETION-CANDIDATES}. All without this"
              + " option.")
  private Set<String> operations = new LinkedHashSet<>();

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "20000",
      description = "Rows in the table that is read, 100 to 1,000,000.")
  private int rows = 20_000;

  @Option(
      names = "--blocks",
      paramLabel = "N",
      defaultValue = "30",
      description =
          "Pairs of blocks per operation, 6 to 10,000. As many pairs measure the noise floor.")
  private int blocks = 30;

  @Option(
      names = "--warm-up",
      paramLabel = "DURATION",
      defaultValue = "40s",
      description =
          "The least time to run an operation before it is measured, so that the servers and this"
              + " process have compiled their code. At most 1h.")
  private Duration warmUp = Duration.ofSeconds(40);

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of everything that is drawn at random.")
  private long seed = 1;

  @Mixin private JsonOption json = new JsonOption();

  @Option(
      names = "--mixes",
      description =
          "Measures requests, units and CPU of each method that keeps the newest version, for mixes"
              + " of new, newer and superseded rows, instead of the ratios. With --subject dynamodb"
              + " only.")
  private boolean mixes;

  @Mixin private DynamoDbServerOption dynamoDb = new DynamoDbServerOption();

  /** For picocli. */
  public StoreCommand() {}

  @Override
  public Integer call() throws IOException {
    BenchSettings settings = settings();
    CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
    PrintWriter out = commandLine.getOut();
    Progress progress = new Progress(commandLine.getErr());
    if (mixes) {
      String table =
          subject.mixes(
              settings.servers().withProgress(progress::line), Math.max(1, blocks / 10), seed);
      out.println();
      out.print(table);
      out.flush();
      return ExitCodes.OK;
    }
    BenchResults results = new StoreBench(settings, progress::line).run();
    json.write(results);
    out.println();
    out.print(results.table());
    out.println();
    out.println(subject.meaning());
    out.println("On " + results.servers() + ". Seed " + results.seed() + ".");
    out.flush();
    return ExitCodes.OK;
  }

  private BenchSettings settings() {
    for (String operation : operations) {
      if (!subject.operations().contains(operation)) {
        throw Usage.badValue(
            "--operations",
            operation,
            "must be one of "
                + String.join(", ", subject.operations())
                + " for --subject "
                + subject.id());
      }
    }
    if (mixes && (!subject.hasMixes() || isGiven(NOT_WITH_MIXES))) {
      String withMixes =
          BenchSubject.all().stream()
              .filter(BenchSubject::hasMixes)
              .map(BenchSubject::id)
              .collect(Collectors.joining(" or "));
      throw Usage.error(
          "--mixes goes with --subject "
              + withMixes
              + " alone, without "
              + String.join(", ", NOT_WITH_MIXES));
    }
    Usage.requireBetween(LEAST_ROWS, MOST_ROWS, "--rows", rows);
    Usage.requireBetween(LEAST_BLOCKS, MOST_BLOCKS, "--blocks", blocks);
    if (warmUp.compareTo(MOST_WARM_UP) > 0) {
      throw Usage.badValue("--warm-up", DurationText.of(warmUp), "must be at most 1h");
    }
    json.requireWritable();
    Set<String> chosen =
        operations.isEmpty() ? Set.copyOf(subject.operations()) : Set.copyOf(operations);
    StackOptions servers =
        StackOptions.of(subject.servers().stream().map(Server::of).collect(Collectors.toSet()));
    return new BenchSettings(
        subject, dynamoDb.applyTo(servers), chosen, rows, warmUp, blocks, seed);
  }

  private boolean isGiven(List<String> options) {
    CommandLine.ParseResult parsed = Objects.requireNonNull(spec).commandLine().getParseResult();
    return options.stream().anyMatch(parsed::hasMatchedOption);
  }
}
