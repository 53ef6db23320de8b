// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.cli.Usage;
import io.dimstore.migration.gate.Finding;
import io.dimstore.migration.phase.StateJson;
import io.dimstore.migration.phase.StepResult;
import io.dimstore.migration.phase.Transition;
import io.dimstore.migration.replay.FeatureFiles;
import io.dimstore.migration.replay.ReplayResult;
import io.dimstore.migration.replay.StoredComparison;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code migrate replay}. */
@Command(
    name = "replay",
    description =
        "Takes as evidence that the feature job has the same results on both stores: the result of"
            + " 'bin/dimstore compare', or two files of feature rows from a job of your own. Checks"
            + " them, and keeps their SHA-256. Ends with exit code 3 if they are not equal.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore migrate replay --from hbase-redis --to dynamodb --dimension user \\",
      "      --comparison out/compare/results.json",
      "  bin/dimstore migrate replay --from hbase-redis --to dynamodb --sql merchant.sql \\",
      "      --old-features hbase.jsonl --new-features dynamodb.jsonl --json replay.json"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ReplayCommand implements Callable<Integer> {

  @Mixin private StepOptions options;

  @Option(
      names = "--comparison",
      paramLabel = "FILE",
      description =
          "The results.json of 'bin/dimstore compare' with an arm for each of the two stores.")
  private @Nullable Path comparison;

  @Option(
      names = "--old-features",
      paramLabel = "FILE",
      description =
          "Feature rows that the job has written with the old store, one a line. JSON objects are"
              + " compared whatever the order of their fields and rows.")
  private @Nullable Path oldFeatures;

  @Option(
      names = "--new-features",
      paramLabel = "FILE",
      description =
          "Feature rows that the job has written with the new store, from the same events.")
  private @Nullable Path newFeatures;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "File to write the figures to as well, as JSON.")
  private @Nullable Path json;

  @Override
  public Integer call() throws InterruptedException {
    boolean files = oldFeatures != null && newFeatures != null;
    boolean some = oldFeatures != null || newFeatures != null;
    if ((comparison != null) == some || some != files) {
      throw Usage.error("give either --comparison, or --old-features and --new-features");
    }
    return options.run(
        Transition.REPLAY,
        "",
        migration ->
            (state, ownership) -> {
              ReplayResult result = read(migration);
              if (json != null) {
                ResultFile.writeText(json, StateJson.indented(result));
              }
              return result.problems().isEmpty()
                  ? StepResult.reached(state.phase(), result.text(), result.finding())
                  : StepResult.refused(
                      state.phase(),
                      "refused: " + String.join("; ", result.problems()),
                      result.isComparable()
                          ? new Finding[] {result.finding()}
                          : new io.dimstore.migration.gate.Finding[0]);
            });
  }

  private ReplayResult read(OpenMigration migration) {
    MigrationTables.Pair tables = migration.tables();
    Path one = comparison;
    try {
      if (one != null) {
        return StoredComparison.read(
            one,
            tables.from().store(),
            tables.to().store(),
            PlannedMigration.subject(tables).layout());
      }
      return FeatureFiles.compare(
          java.util.Objects.requireNonNull(oldFeatures),
          java.util.Objects.requireNonNull(newFeatures));
    } catch (IOException e) {
      throw Usage.error("cannot read the file: " + e);
    }
  }
}
