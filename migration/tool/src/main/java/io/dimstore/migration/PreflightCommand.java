// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.cli.Usage;
import io.dimstore.jobs.sql.StorePreflight;
import io.dimstore.migration.phase.MigrationState;
import io.dimstore.migration.phase.Phase;
import io.dimstore.migration.phase.StepResult;
import io.dimstore.migration.phase.Transition;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code migrate preflight}. */
@Command(
    name = "preflight",
    description =
        "Checks that both stores answer, that the table exists in the old one, and that the new one"
            + " can hold its rows: a sample is read and its items are sized. Changes nothing.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore migrate preflight --from hbase-redis --to dynamodb --dimension user",
      "  bin/dimstore migrate preflight --from hbase-redis --to dynamodb --dimension user \\",
      "      --all-writers-use-dimstore --sample-rows 100000"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PreflightCommand implements Callable<Integer> {

  @Mixin private StepOptions options;

  @Option(
      names = "--all-writers-use-dimstore",
      description =
          "State that no other program writes the table. The statement is kept in the log.")
  private boolean allWritersUseDimstore;

  @Option(
      names = "--sample-rows",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Rows of the old store to read and size.")
  private int sampleRows;

  @Override
  public Integer call() throws InterruptedException {
    Usage.requireAtLeast(1, "--sample-rows", sampleRows);
    return options.run(
        Transition.PREFLIGHT,
        "",
        migration ->
            (state, ownership) -> {
              MigrationTables.Pair tables = migration.tables();
              StorePreflight.requireForJob(tables.fromPing(), List.of(tables.from()), List.of());
              StorePreflight.requireForJob(tables.toPing(), List.of(), List.of(tables.to()));
              SampledRows sampled = SampledRows.read(tables, sampleRows);
              ForeignWriters.Found writers =
                  new ForeignWriters(tables.from()).preflight(allWritersUseDimstore);
              String text = sampled.text() + "; " + writers.text();
              return sampled.refused().isEmpty()
                  ? StepResult.reached(reached(state), text, writers.finding())
                  : StepResult.refused(
                      state.phase(),
                      text + "; " + String.join("; ", sampled.refused()),
                      writers.finding());
            });
  }

  /** A repetition renews the evidence. It does not take back what was reached since. */
  private static Phase reached(MigrationState state) {
    return state.phase() == Phase.PLANNED ? Phase.READY : state.phase();
  }
}
