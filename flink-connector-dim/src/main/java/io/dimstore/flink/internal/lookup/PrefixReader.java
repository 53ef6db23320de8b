// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import io.dimstore.flink.internal.store.DimTable;
import io.dimstore.flink.internal.store.Retry;
import io.dimstore.flink.internal.store.SharedStore;
import io.dimstore.spi.BoundedScans;
import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.support.KeyBounds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows whose key begins with given values, in the order of their keys. All rows of a
 * prefix are held in memory. Futures complete on worker threads of the store. Thread-safe.
 */
final class PrefixReader {

  private final DimTable declared;
  private final DimensionTable table;
  private final List<Column> key;
  private final Projection columns;
  private final Retry retry;
  private final Executor workers;
  private final @Nullable BoundedScans bounded;

  PrefixReader(DimTable declared, Projection columns, SharedStore.Lease lease) {
    this.declared = declared;
    this.table = lease.store().table(declared.layout().spec());
    this.key = declared.layout().spec().key();
    this.columns = columns;
    this.retry = lease.retry(declared);
    this.workers = lease.threads().workers();
    this.bounded = table.capability(BoundedScans.class).orElse(null);
  }

  /**
   * Reads the rows of a prefix. Fails with INVALID if the store would read the whole table for it.
   *
   * @param first the values of the first key columns
   */
  CompletableFuture<List<Put>> read(Key first) {
    List<Object> values = new ArrayList<>(first.size());
    for (int i = 0; i < first.size(); i++) {
      values.add(first.get(i));
    }
    ScanOptions range =
        new ScanOptions(columns, KeyBounds.from(key, values), KeyBounds.to(key, values), false);
    if (bounded == null || !bounded.isBounded(range)) {
      return CompletableFuture.failedFuture(unbounded(first.size()));
    }
    return retry
        .run(() -> table.splits(1, range))
        .thenCompose(splits -> rest(new ArrayDeque<>(splits), new ArrayList<>()))
        .thenApplyAsync(rows -> rows, workers);
  }

  private CompletableFuture<List<Put>> rest(Deque<ScanSplit> left, List<Put> found) {
    ScanSplit next = left.poll();
    if (next == null) {
      return CompletableFuture.completedFuture(found);
    }
    return retry
        .run(() -> table.scan(next, declared.scan().pageSize()))
        .thenCompose(
            page -> {
              add(page, found);
              if (page.remaining() != null) {
                left.addFirst(page.remaining());
              }
              return rest(left, found);
            });
  }

  private static void add(ScanPage page, Collection<Put> found) {
    page.requireReadable();
    for (Change change : page.changes()) {
      if (change instanceof Put put) {
        found.add(put);
      }
    }
  }

  private StoreException unbounded(int columns) {
    List<String> names = key.stream().map(Column::name).toList();
    return StoreException.invalid(
        "A lookup by the first key columns ("
            + String.join(", ", names.subList(0, columns))
            + ") would read the whole table each time: the store finds no range of keys by them."
            + " Remedy: join ON equality of every key column ("
            + String.join(", ", names)
            + "). docs/connector-options.md lists which tables can be looked up so.");
  }
}
