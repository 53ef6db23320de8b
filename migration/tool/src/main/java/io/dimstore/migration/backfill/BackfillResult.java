// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.backfill;

import io.dimstore.migration.store.ImpactGuard;
import java.util.ArrayList;
import java.util.List;

/**
 * What a backfill has done, by its ledger: all processes and restarts together.
 *
 * @param state whether every row was copied
 * @param from the table that was read
 * @param to the table that was written
 * @param plan the plan's name in the ledger
 * @param splits the number of splits
 * @param rows rows that were copied
 * @param tombstones tombstones and expired rows that were copied
 * @param unreadable rows that the source cannot decode, and that were not copied
 * @param refused rows that the target cannot hold, and that were not copied
 * @param problems some of the rows that were not copied
 * @param millis the time since this process began
 * @param entriesByThisProcess rows and tombstones that this process copied, repeated ones included
 * @param impact the latency of lookups of the source meanwhile
 */
public record BackfillResult(
    State state,
    String from,
    String to,
    String plan,
    int splits,
    long rows,
    long tombstones,
    long unreadable,
    long refused,
    List<SplitProgress.Problem> problems,
    long millis,
    long entriesByThisProcess,
    ImpactGuard.Impact impact) {

  /** The end of a backfill. */
  public enum State {
    /** Every row and tombstone was copied. */
    COMPLETE,
    /** All splits were read, and some rows were not copied: they are in the ledger. */
    ROWS_NOT_COPIED
  }

  private static final int MAX_PROBLEMS = 1_000;

  static BackfillResult of(
      BackfillRun run,
      List<SplitProgress> all,
      long millis,
      long copied,
      ImpactGuard.Impact impact) {
    long rows = 0;
    long tombstones = 0;
    long unreadable = 0;
    long refused = 0;
    List<SplitProgress.Problem> problems = new ArrayList<>();
    for (SplitProgress split : all) {
      if (!split.isDone()) {
        throw new IllegalStateException("Split " + split.split() + " is not copied");
      }
      rows += split.rows();
      tombstones += split.tombstones();
      unreadable += split.unreadable();
      refused += split.refused();
      for (SplitProgress.Problem problem : split.problems()) {
        if (problems.size() < MAX_PROBLEMS) {
          problems.add(problem);
        }
      }
    }
    return new BackfillResult(
        unreadable + refused == 0 ? State.COMPLETE : State.ROWS_NOT_COPIED,
        run.from(),
        run.to(),
        run.plan(),
        run.splits(),
        rows,
        tombstones,
        unreadable,
        refused,
        List.copyOf(problems),
        millis,
        copied,
        impact);
  }
}
