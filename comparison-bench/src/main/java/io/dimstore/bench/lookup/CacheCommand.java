// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup;

import io.dimstore.bench.report.JsonOption;
import io.dimstore.cli.Progress;
import io.dimstore.cli.Usage;
import io.dimstore.stack.command.DynamoDbServerOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench cache}: see its help. */
@Command(
    name = "cache",
    description = {
      "Measures a lookup join whose cache has the whole table ('lookup.cache' = 'FULL'): how fast it",
      "is loaded, by the rate of a plain scan of the same table, how much heap a row takes, and how",
      "long after a write its row is joined. Starts a DynamoDB server itself, unless the table is in memory.",
      "docs/lookup-benchmark.md explains how to read it."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore bench cache",
      "  bin/dimstore bench cache --rows 20000 --json cache.json",
      "  bin/dimstore bench cache --changed-rows 5000",
      "  bin/dimstore bench cache --in-memory --rows 1000000"
    })
public final class CacheCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--in-memory",
      description =
          "Measure a table of the store memory, in the heap of this process, in place of one in"
              + " DynamoDB.")
  private boolean inMemory;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Rows in the table that is read, 100 to 1,000,000.")
  private int rows = 10_000;

  @Option(
      names = "--changed-rows",
      paramLabel = "N",
      defaultValue = "500",
      description = "How many rows are changed, one after the other, 10 to 100,000.")
  private int changedRows = 500;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of everything that is drawn at random.")
  private long seed = 1;

  @Mixin private JsonOption json = new JsonOption();

  @Mixin private DynamoDbServerOption dynamoDb = new DynamoDbServerOption();

  /** For picocli. */
  public CacheCommand() {}

  @Override
  public Integer call() throws IOException {
    Usage.requireBetween(100, 1_000_000, "--rows", rows);
    Usage.requireBetween(10, 100_000, "--changed-rows", changedRows);
    json.requireWritable();
    CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
    PrintWriter out = commandLine.getOut();
    CacheFigures figures =
        new CacheBench(
                new CacheBenchSettings(
                    inMemory ? "memory" : "dynamodb", dynamoDb::applyTo, rows, changedRows, seed),
                new Progress(commandLine.getErr()))
            .run();
    json.write(figures);
    out.println();
    out.print(figures.table());
    out.flush();
    return 0;
  }
}
