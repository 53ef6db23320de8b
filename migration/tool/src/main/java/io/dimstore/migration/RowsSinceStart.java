// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.migration.store.Calls;
import io.dimstore.migration.store.Clock;
import io.dimstore.migration.store.StoredReader;
import io.dimstore.migration.store.StoredReader.Held;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a sample that were written since all jobs should write both stores. One that the new
 * store does not get shows a program that writes the old store alone, whichever it is: a job that
 * still uses the old store itself, or a client whose change no replication carries.
 *
 * @param since from when on every job had to write both stores
 * @param examined how many such rows the sample has
 * @param absent the keys of those that did not reach the new store
 */
record RowsSinceStart(Instant since, int examined, List<Key> absent) {

  private static final int MOST_NAMED = 3;

  /**
   * How many times the settle delay a row has time to arrive. A writer may be restarted between its
   * two writes, or a write may have to be repeated.
   */
  private static final int ROUNDS = 12;

  /** Versions further ahead than this are no times. */
  private static final Duration AHEAD = Duration.ofDays(1);

  /**
   * Returns whether a change was written since then, as far as its version is a time. Rows that
   * expire soon are left out: the stores may remove them at different times.
   */
  static boolean isSince(Change change, Instant since, Instant now) {
    long latest = now.plus(AHEAD).toEpochMilli();
    return change.version() > since.toEpochMilli()
        && change.version() < latest
        && !(change instanceof Put put && put.expiresAtMillis() < latest);
  }

  /**
   * Reads the rows from both stores, until each is in the new one, has been written again, or has
   * not arrived in time.
   *
   * @param written the rows, as the old store had them
   * @param settle the time within which a change usually reaches the new store
   */
  static RowsSinceStart read(
      MigrationTables.Pair tables, List<Change> written, Instant since, Duration settle)
      throws InterruptedException {
    Map<Key, Change> left = new HashMap<>();
    written.forEach(change -> left.put(change.key(), change));
    Calls calls = new Calls(Clock.SYSTEM, Duration.ofMinutes(1));
    try (DimensionStore from = tables.from().open();
        DimensionStore to = tables.to().open()) {
      StoredReader old =
          new StoredReader(from.table(tables.from().spec()), tables.from().spec(), calls);
      StoredReader target =
          new StoredReader(to.table(tables.to().spec()), tables.to().spec(), calls);
      removeArrived(left, target);
      for (int round = 0; round < ROUNDS && !left.isEmpty(); round++) {
        Clock.SYSTEM.pause(settle.toNanos());
        // A row that was written again meanwhile may be on its way.
        Map<Key, Held> now = old.read(List.copyOf(left.keySet()));
        left.entrySet().removeIf(row -> !isStill(now.get(row.getKey()), row.getValue()));
        removeArrived(left, target);
      }
    }
    return new RowsSinceStart(since, written.size(), List.copyOf(left.keySet()));
  }

  private static void removeArrived(Map<Key, Change> rows, StoredReader target)
      throws InterruptedException {
    Map<Key, Held> found = target.read(new ArrayList<>(rows.keySet()));
    rows.entrySet().removeIf(row -> hasArrived(row.getValue(), found.get(row.getKey())));
  }

  /** A tombstone may be absent, since each store forgets them by its own time. */
  private static boolean hasArrived(Change written, @Nullable Held held) {
    Change change = held == null ? null : held.change();
    return (written instanceof Delete && !(change instanceof Put))
        || (change != null && change.version() >= written.version());
  }

  private static boolean isStill(@Nullable Held held, Change written) {
    Change change = held == null ? null : held.change();
    return change != null && change.version() == written.version();
  }

  /** Returns what was found for people; empty if the sample has no such row. */
  String text() {
    if (examined == 0) {
      return "";
    }
    return absent.isEmpty()
        ? String.format(
            Locale.ROOT,
            "%,d of them were written since all writes go to both stores, and the new store has"
                + " them",
            examined)
        : String.format(
            Locale.ROOT,
            "%,d of %,d sampled rows that were written since %s did not reach the new store: %s%s",
            absent.size(),
            examined,
            since,
            String.join(", ", absent.stream().limit(MOST_NAMED).map(Key::toString).toList()),
            absent.size() > MOST_NAMED ? ", ..." : "");
  }
}
