// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.phase;

import io.dimstore.jobs.StoreCalls;
import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.SharedRecords;
import java.time.Instant;
import java.util.Optional;

/**
 * What the old store keeps of a migration, for the case that the new store, which keeps its state,
 * is down for good: {@code migration/TABLE/plan}, and {@code migration/TABLE/take-over/N} for each
 * take-over. Thread-safe.
 */
public final class OldStoreRecords {

  private final SharedRecords records;
  private final String prefix;

  /**
   * Creates a view; reads nothing.
   *
   * @param records the shared records of the old store
   */
  public OldStoreRecords(SharedRecords records, String table) {
    this.records = records;
    this.prefix = MigrationRecords.prefix(table);
  }

  /**
   * A take-over of the old store without the new one.
   *
   * @param at when
   * @param by who did it
   * @param reason why
   * @param before the mode of the table before, as it is stored
   */
  public record TakeOver(Instant at, String by, String reason, String before) {}

  /** Keeps a copy of the plan of a migration. */
  public void keep(MigrationState state) throws InterruptedException {
    String text =
        StateJson.format(
            new MigrationState.Plan(
                state.subject(), state.propagation(), state.mirrorOptions(), state.limits()));
    while (true) {
      Optional<SharedRecord> found = StoreCalls.await(records.read(prefix + "plan"));
      long revision = found.map(SharedRecord::revision).orElse(0L);
      if (found.filter(record -> record.content().equals(text)).isPresent()
          || StoreCalls.await(records.replace(prefix + "plan", revision, text))) {
        return;
      }
    }
  }

  /** Reads the plan; empty if no migration of the table has been started. */
  public Optional<MigrationState.Plan> plan() throws InterruptedException {
    return StoreCalls.await(records.read(prefix + "plan"))
        .map(record -> StateJson.parse(record.name(), record.content(), MigrationState.Plan.class));
  }

  /** Stores who let the old store take over, and why. */
  public void add(long number, TakeOver takeOver) throws InterruptedException {
    var unused =
        StoreCalls.await(
            records.replace(prefix + "take-over/" + number, 0, StateJson.format(takeOver)));
  }

  /** Reads a take-over; empty if its process was interrupted before it stored it. */
  public Optional<TakeOver> takeOver(long number) throws InterruptedException {
    return StoreCalls.await(records.read(prefix + "take-over/" + number))
        .map(record -> StateJson.parse(record.name(), record.content(), TakeOver.class));
  }
}
