// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.jobs.sql.StoreTable;
import io.dimstore.migration.backfill.BackfillResult;
import io.dimstore.migration.backfill.BackfillRun;
import io.dimstore.migration.gate.Evidence;
import io.dimstore.migration.gate.Finding;
import io.dimstore.migration.hash.RowHash;
import io.dimstore.migration.phase.MigrationException;
import io.dimstore.migration.phase.MigrationState;
import io.dimstore.migration.phase.Ownership;
import io.dimstore.migration.phase.Phase;
import io.dimstore.migration.phase.StepResult;
import io.dimstore.migration.phase.StepRunner;
import io.dimstore.migration.phase.Transition;
import io.dimstore.migration.step.Steps;
import io.dimstore.migration.verify.Difference;
import io.dimstore.migration.verify.VerifyResult;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.SharedRecords;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The migration that a backfill or a verification belongs to, if the table has one. Without a
 * migration both commands run on their own.
 */
final class PlannedMigration {

  private final StepRunner runner;
  private final String table;

  private PlannedMigration(StepRunner runner, String table) {
    this.runner = runner;
    this.table = table;
  }

  /** Returns what a migration of these tables is about. */
  static MigrationState.Subject subject(MigrationTables.Pair tables) {
    return new MigrationState.Subject(
        name(tables.from()), name(tables.to()), RowHash.layoutOf(tables.from().spec()));
  }

  private static String name(StoreTable table) {
    return table.store() + ":" + table.spec().name();
  }

  /** Refuses other stores, tables or columns than those of the plan. */
  static void requireSame(MigrationState state, MigrationTables.Pair tables) {
    requireSame(state.subject(), tables);
  }

  /** Refuses other stores, tables or columns than those of the plan. */
  static void requireSame(MigrationState.Subject planned, MigrationTables.Pair tables) {
    MigrationState.Subject subject = subject(tables);
    if (!planned.equals(subject)) {
      throw new MigrationException(
          "The plan of "
              + tables.from().spec().name()
              + " is about "
              + planned.from()
              + " to "
              + planned.to()
              + " with columns of hash "
              + planned.layout()
              + ", and this command about "
              + subject.from()
              + " to "
              + subject.to()
              + " with "
              + subject.layout()
              + ". Use the tables of the plan");
    }
  }

  /**
   * Finds the migration of the table; empty if there is none.
   *
   * @throws MigrationException if it is about other stores or columns
   */
  static Optional<PlannedMigration> of(DimensionStore target, MigrationTables.Pair tables)
      throws InterruptedException {
    return of(target, tables, Operator.current());
  }

  /**
   * Finds the migration of the table; empty if there is none.
   *
   * @param by names the person and machine in the log
   * @throws MigrationException if it is about other stores or columns
   */
  static Optional<PlannedMigration> of(
      DimensionStore target, MigrationTables.Pair tables, String by) throws InterruptedException {
    String table = tables.to().spec().name();
    Optional<SharedRecords> records = target.capability(SharedRecords.class);
    if (records.isEmpty()) {
      return Optional.empty();
    }
    StepRunner runner =
        new StepRunner(records.get(), table, by, InstantSource.system(), StepRunner.LEASE);
    Optional<MigrationState> state = runner.state();
    state.ifPresent(found -> requireSame(found, tables));
    return state.map(found -> new PlannedMigration(runner, table));
  }

  /**
   * Refuses a backfill before every write goes to both stores, and one that would continue a copy
   * from before that time.
   *
   * @param begun the backfill in the ledger, or null if there is none
   * @param restart whether everything is copied again
   * @return the number of the mirroring that the copy belongs to
   */
  long requireBackfill(@Nullable BackfillRun begun, boolean restart) throws InterruptedException {
    MigrationState state = runner.check(Transition.BACKFILL);
    if (begun != null && !restart && begun.mirroring() != state.mirroring()) {
      throw new MigrationException(
          "The backfill of "
              + table
              + " in the ledger began before every write went to both stores, so writes in between"
              + " may be missing. Copy everything again with --restart");
    }
    return state.mirroring();
  }

  /**
   * Records the end of a backfill.
   *
   * @param mirroring the number with which the first process of the backfill began. It was read
   *     from the state before anything was copied, so that no clocks have to be compared
   */
  void record(BackfillResult result, long mirroring) throws InterruptedException {
    String text = result.rows() + " rows and " + result.tombstones() + " tombstones copied";
    if (result.state() != BackfillResult.State.COMPLETE) {
      runner.run(
          Transition.BACKFILL,
          (state, ownership) ->
              StepResult.refused(
                  state.phase(),
                  text
                      + "; not copied: "
                      + result.unreadable()
                      + " unreadable, "
                      + result.refused()
                      + " refused"));
      return;
    }
    runner.run(
        Transition.BACKFILL,
        (state, ownership) -> {
          // The mirroring may have been ended and started again while rows were copied.
          if (state.mirroring() != mirroring) {
            return StepResult.refused(
                state.phase(), text + ", but every write goes to both stores only since then");
          }
          return StepResult.reached(
              state.phase() == Phase.MIRRORING ? Phase.COPIED : state.phase(), text);
        });
  }

  /**
   * Checks whether a verification may run now, and changes nothing.
   *
   * @throws MigrationException if it may not; the message says why and what to do
   */
  void requireVerify() throws InterruptedException {
    var unused = runner.check(Transition.VERIFY);
  }

  /** Carries out a verification as a step. */
  void verify(Verification verification) throws InterruptedException {
    runner.run(
        Transition.VERIFY,
        (state, ownership) -> {
          VerifyResult result = verification.run(ownership);
          return Steps.verified(
              state, new Finding(Instant.now(), evidence(result), context(result)));
        });
  }

  /** Compares all rows of both stores. */
  interface Verification {
    /** Runs to the end, and reports how far it is. */
    VerifyResult run(Ownership ownership) throws InterruptedException;
  }

  private static Map<String, String> context(VerifyResult result) {
    Map<String, String> context = new TreeMap<>();
    context.put("startedAt", result.startedAt());
    context.put("seconds", Long.toString(result.millis() / 1_000));
    context.put("settleMillis", Long.toString(result.settleMillis()));
    context.put("fromDigest", result.fromDigest());
    context.put("toDigest", result.toDigest());
    context.put("movingKeys", Long.toString(result.movingKeys()));
    context.put("cacheCompared", Boolean.toString(result.copies() != null));
    context.put("resultSha256", String.valueOf(result.evidence()));
    return context;
  }

  private static Evidence.Verification evidence(VerifyResult result) {
    long copies = result.copies() == null ? 0 : result.copies().different();
    long unexamined = result.from().unexamined() + result.to().unexamined();
    return new Evidence.Verification(
        Math.max(result.from().rows(), result.to().rows()),
        result.differentKeys() + result.movingKeys() + copies + unexamined,
        result.differences().getOrDefault(Difference.Kind.EXTRA, 0L),
        result.differences().getOrDefault(Difference.Kind.UNREADABLE, 0L));
  }
}
