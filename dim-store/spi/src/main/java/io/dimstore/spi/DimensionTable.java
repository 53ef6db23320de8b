// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One table of a store. Thread-safe; no method blocks. Stages fail with {@link StoreException} and
 * may complete on a thread of the store's client, so callers must run longer work on threads of
 * their own.
 *
 * <p>Capabilities that only some stores have are separate interfaces: {@link Maintenance}, {@link
 * ChangeFeed}, {@link SharedBudget}, {@link Sizing}, {@link StoredChanges}, {@link RowUpdates},
 * {@link ForeignWrites}, {@link BoundedScans}. Callers find them by {@link #capability}.
 */
public interface DimensionTable {

  /**
   * Reads rows by key.
   *
   * @param keys any number, duplicates allowed (R1); a key that the store cannot hold is absent
   *     (R10)
   * @param columns the value columns to read
   * @return a list whose element i belongs to {@code keys.get(i)}: the row with its version and
   *     expiry, or null if the row is absent, deleted or expired
   */
  CompletionStage<List<@Nullable Put>> get(List<Key> keys, Projection columns);

  /**
   * Applies changes, newest version per key (R3, R5). Success means that every change was applied
   * or superseded; a failure may have applied any part (R7). INVALID changes are found before
   * anything is sent, except those that only the server recognizes. A failure that names a key may
   * have applied none of the changes to it, not even a valid one that is older than the invalid
   * one: the caller decides whether to send that one again.
   */
  CompletionStage<Void> write(List<Change> changes);

  /**
   * Divides the table for reading in parallel (R9).
   *
   * @param desired number of splits that the caller prefers, at least 1; there may be more or fewer
   * @param options what to read; the splits contain it
   */
  CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options);

  /**
   * Reads the next entries of a split. A scan returns at most one entry of each key. Rows that
   * cannot be decoded are reported in the page and do not end the scan.
   *
   * @param split from {@link #splits} or from the previous page
   * @param maxEntries at least 1; a page may have fewer entries, even none, before the end
   */
  CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries);

  /**
   * Returns this table's implementation of an optional interface. The default is the table itself
   * if it implements the interface. A decorator asks the table that it wraps, and wraps the result
   * if calls through it need decoration too.
   *
   * @param type for instance {@code Maintenance.class}
   * @return empty if the table does not have this capability
   */
  default <T> Optional<T> capability(Class<T> type) {
    return type.isInstance(this) ? Optional.of(type.cast(this)) : Optional.empty();
  }
}
