// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.migration.backfill.BackfillRun;
import io.dimstore.migration.backfill.RangeLedger;
import io.dimstore.migration.backfill.SplitProgress;
import io.dimstore.migration.store.Calls;
import io.dimstore.migration.store.Clock;
import io.dimstore.spi.SharedRecords;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far the backfill is, by its ledger.
 *
 * @param splits number of splits
 * @param done splits that are copied
 * @param entries rows and tombstones that were copied
 * @param notCopied rows that could not be copied
 * @param began when the first process began
 * @param lastSaved when a process last reported
 * @param secondsLeft the time left at the mean rate so far, by splits; null before the first split
 *     is done, and at the end
 */
record BackfillState(
    int splits,
    int done,
    long entries,
    long notCopied,
    Instant began,
    Instant lastSaved,
    @Nullable Long secondsLeft) {

  /** Reads the ledger; empty if there is no backfill of the table. */
  static Optional<BackfillState> read(SharedRecords records, String table, Instant now)
      throws InterruptedException {
    RangeLedger ledger =
        new RangeLedger(records, table, new Calls(Clock.SYSTEM, Duration.ofSeconds(10)));
    BackfillRun run = ledger.run();
    if (run == null) {
      return Optional.empty();
    }
    List<SplitProgress> splits = ledger.progress(run);
    int done = (int) splits.stream().filter(SplitProgress::isDone).count();
    Instant began = Instant.ofEpochMilli(run.createdAtMillis());
    long seconds = Math.max(0, Duration.between(began, now).toSeconds());
    return Optional.of(
        new BackfillState(
            splits.size(),
            done,
            splits.stream().mapToLong(split -> split.rows() + split.tombstones()).sum(),
            splits.stream().mapToLong(split -> split.unreadable() + split.refused()).sum(),
            began,
            Instant.ofEpochMilli(
                splits.stream().mapToLong(SplitProgress::savedAtMillis).max().orElse(0)),
            done == 0 || done == splits.size() ? null : seconds * (splits.size() - done) / done));
  }
}
