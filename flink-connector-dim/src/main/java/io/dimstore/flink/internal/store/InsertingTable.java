// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.store;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A table whose {@link #get} inserts a row for each key that has none: the key, and null in all
 * other columns. The row has version 0, so it replaces nothing, and every other write replaces it.
 * A key that was deleted and still has its tombstone stays absent. All absent keys of a call are
 * inserted by one write and read again by one more read.
 */
final class InsertingTable implements DimensionTable {

  private final DimensionTable table;
  private final Row nulls;

  /**
   * Creates the table.
   *
   * @param values the number of columns that are not in the key
   */
  InsertingTable(DimensionTable table, int values) {
    this.table = table;
    this.nulls = Row.of(new @Nullable Object[values]);
  }

  @Override
  public CompletionStage<List<@Nullable Put>> get(List<Key> keys, Projection columns) {
    return table.get(keys, columns).thenCompose(found -> withAbsent(keys, columns, found));
  }

  private CompletionStage<List<@Nullable Put>> withAbsent(
      List<Key> keys, Projection columns, List<@Nullable Put> found) {
    Set<Key> absent = new LinkedHashSet<>();
    for (int i = 0; i < found.size(); i++) {
      if (found.get(i) == null) {
        absent.add(keys.get(i));
      }
    }
    return absent.isEmpty()
        ? CompletableFuture.completedStage(found)
        : insert(absent)
            .thenCompose(inserted -> read(inserted, columns))
            .thenApply(read -> merged(keys, found, read));
  }

  private CompletionStage<List<@Nullable Put>> read(List<Key> keys, Projection columns) {
    return keys.isEmpty() ? CompletableFuture.completedStage(List.of()) : table.get(keys, columns);
  }

  private static List<@Nullable Put> merged(
      List<Key> keys, List<@Nullable Put> found, List<@Nullable Put> read) {
    Map<Key, Put> inserted = new HashMap<>();
    for (Put put : read) {
      if (put != null) {
        inserted.put(put.key(), put);
      }
    }
    List<@Nullable Put> all = new ArrayList<>(found);
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i) == null) {
        all.set(i, inserted.get(keys.get(i)));
      }
    }
    return all;
  }

  /** Returns the keys that were inserted: all but those that the store cannot hold. */
  private CompletionStage<List<Key>> insert(Set<Key> keys) {
    List<Change> rows = new ArrayList<>();
    keys.forEach(key -> rows.add(new Put(key, nulls, 0)));
    return table
        .write(rows)
        .thenApply(done -> List.copyOf(keys))
        .exceptionallyCompose(failure -> insertOthers(keys, failure));
  }

  private CompletionStage<List<Key>> insertOthers(Set<Key> keys, Throwable failure) {
    StoreException known = StoreException.find(failure);
    if (known == null || known.kind() != StoreException.Kind.INVALID || known.keys().isEmpty()) {
      return CompletableFuture.failedStage(failure);
    }
    Set<Key> others = new HashSet<>(keys);
    if (!others.removeAll(Set.copyOf(known.keys()))) {
      return CompletableFuture.failedStage(failure);
    }
    return others.isEmpty() ? CompletableFuture.completedStage(List.of()) : insert(others);
  }

  @Override
  public CompletionStage<Void> write(List<Change> changes) {
    return table.write(changes);
  }

  @Override
  public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
    return table.splits(desired, options);
  }

  @Override
  public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
    return table.scan(split, maxEntries);
  }
}
