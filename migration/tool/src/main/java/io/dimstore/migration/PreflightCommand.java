// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.cli.Usage;
import io.dimstore.jobs.sql.StorePreflight;
import io.dimstore.migration.gate.Finding;
import io.dimstore.migration.phase.MigrationState;
import io.dimstore.migration.phase.Phase;
import io.dimstore.migration.phase.StepResult;
import io.dimstore.migration.phase.Transition;
import io.dimstore.migration.step.Outlook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code migrate preflight}. */
@Command(
    name = "preflight",
    description =
        "Checks that both stores answer, that the table exists in the old one, and that the new one"
            + " can hold its rows: a sample is read and its items are sized. Counts the rows of the"
            + " sample that other programs wrote last. After backfill, it also looks for rows that were"
            + " written since start and did not reach the new store. Changes nothing.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore migrate preflight --from hbase-redis --to dynamodb --dimension user",
      "  bin/dimstore migrate preflight --from hbase-redis --to dynamodb --dimension user \\",
      "      --all-writers-use-dimstore --sample-rows 100000",
      "  bin/dimstore migrate preflight --from hbase-redis --to dynamodb --dimension user \\",
      "      --all-writers-use-dimstore --other-writers-ended-at 2026-12-01T10:00:00Z"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PreflightCommand implements Callable<Integer> {

  @Mixin private StepOptions options;

  @Option(
      names = "--all-writers-use-dimstore",
      description =
          "State that no other program writes the table. The statement is kept in the log. It is"
              + " refused if another program wrote a row of the sample in the last 8 days.")
  private boolean allWritersUseDimstore;

  @Option(
      names = "--other-writers-ended-at",
      paramLabel = "TIME",
      description =
          "Since when no other program writes the table, such as 2026-12-01T10:00:00Z. Rows that"
              + " were written before are then no reason to refuse --all-writers-use-dimstore, and"
              + " later ones are.")
  private @Nullable Instant otherWritersEndedAt;

  @Option(
      names = "--sample-rows",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Rows of the old store to read and size.")
  private int sampleRows;

  @Mixin private SettleOption settle;

  @Override
  public Integer call() throws InterruptedException {
    Usage.requireAtLeast(1, "--sample-rows", sampleRows);
    if (otherWritersEndedAt != null && !allWritersUseDimstore) {
      throw Usage.error("--other-writers-ended-at needs --all-writers-use-dimstore");
    }
    if (otherWritersEndedAt != null && otherWritersEndedAt.isAfter(Instant.now())) {
      throw Usage.badValue(
          "--other-writers-ended-at", otherWritersEndedAt, "must not be in the future");
    }
    return options.run(
        Transition.PREFLIGHT,
        "",
        (migration, state) -> check(migration, state).outlook(),
        migration -> (state, ownership) -> check(migration, state).result(state));
  }

  /**
   * What was found.
   *
   * @param text for people
   * @param refusals why the migration cannot go on; empty if it can
   * @param finding the evidence
   */
  private record Check(String text, List<String> refusals, Finding finding) {

    StepResult result(MigrationState state) {
      return refusals.isEmpty()
          ? StepResult.reached(reached(state), text, finding)
          : StepResult.refused(state.phase(), all(), finding);
    }

    Outlook outlook() {
      return new Outlook(List.of(), refusals.isEmpty() ? null : all());
    }

    private String all() {
      return Stream.concat(Stream.of(text), refusals.stream().filter(each -> !text.contains(each)))
          .collect(Collectors.joining("; "));
    }
  }

  /** Reads both stores, and changes nothing. */
  private Check check(OpenMigration migration, MigrationState state) throws InterruptedException {
    MigrationTables.Pair tables = migration.tables();
    StorePreflight.requireForJob(tables.fromPing(), List.of(tables.from()), List.of());
    StorePreflight.requireForJob(tables.toPing(), List.of(), List.of(tables.to()));
    Instant start = start(migration, state);
    SampledRows sampled = SampledRows.read(tables, sampleRows, start);
    ForeignWriters.SinceStart written = sinceStart(migration, state, sampled, start);
    ForeignWriters.Found writers =
        new ForeignWriters(tables.from())
            .preflight(
                new ForeignWriters.Statement(allWritersUseDimstore, otherWritersEndedAt),
                sampled,
                written);
    List<String> refusals = new ArrayList<>(sampled.refused());
    if (writers.contradicted()) {
      refusals.add(writers.text());
    }
    if (!written.notReached().isEmpty()) {
      refusals.add(
          "a program writes the old store alone: change its table to the store mirror"
              + " (docs/mirror.md), or have its changes carried (docs/hbase-endpoint.md), and then"
              + " repeat backfill --restart and verify");
    }
    return new Check(sampled.text() + "; " + writers.text(), refusals, writers.finding());
  }

  /**
   * Returns from when on every job has to write both stores; null before the backfill, without
   * which there may be no table to look into. A row that was written shortly before, by a machine
   * whose clock is a little ahead, is not taken for a later one.
   */
  private static @Nullable Instant start(OpenMigration migration, MigrationState state)
      throws InterruptedException {
    return state.phase().compareTo(Phase.COPIED) < 0
        ? null
        : migration.runner().log().stream()
            .filter(entry -> entry.number() == state.mirroring())
            .map(entry -> entry.at().plus(state.propagation()))
            .findFirst()
            .orElse(null);
  }

  /**
   * Looks for rows that did not reach the new store. Pending writes are missing there without any
   * other program; while there are some, what an earlier preflight has found still holds.
   */
  private ForeignWriters.SinceStart sinceStart(
      OpenMigration migration, MigrationState state, SampledRows sampled, @Nullable Instant start)
      throws InterruptedException {
    if (start == null) {
      return ForeignWriters.SinceStart.NOTHING;
    }
    if (migration.pending() == 0) {
      RowsSinceStart found =
          RowsSinceStart.read(migration.tables(), sampled.sinceStart(), start, settle.time());
      if (found.absent().isEmpty() || migration.pending() == 0) {
        return ForeignWriters.SinceStart.of(found);
      }
    }
    return ForeignWriters.SinceStart.undecided(state);
  }

  /** A repetition renews the evidence. It does not take back what was reached since. */
  private static Phase reached(MigrationState state) {
    return state.phase() == Phase.PLANNED ? Phase.READY : state.phase();
  }
}
