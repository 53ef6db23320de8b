// SPDX-License-Identifier: Apache-2.0
package com.example;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Counts the keys that are looked up in another store, in the metric {@code asked}. It has none of
 * the optional capabilities, such as a change feed.
 */
final class CountingStore implements DimensionStore {

  /** The store's name and the version of its splits: the kit requires both (R9h). */
  private static final String FORMAT = "counting/1/";

  private final DimensionStore inner;
  private final StoreMetrics metrics;

  CountingStore(DimensionStore inner, StoreMetrics metrics) {
    this.inner = inner;
    this.metrics = metrics;
  }

  @Override
  public DimensionTable table(TableSpec spec) {
    DimensionTable table = inner.table(spec);
    return new DimensionTable() {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        metrics.count("asked", keys.size());
        return table.get(keys, columns);
      }

      @Override
      public CompletionStage<Void> write(List<Change> changes) {
        return table.write(changes);
      }

      @Override
      public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
        return table
            .splits(desired, options)
            .thenApply(splits -> splits.stream().map(CountingStore::ours).toList());
      }

      @Override
      public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
        if (!split.token().startsWith(FORMAT)) {
          return CompletableFuture.failedFuture(
              StoreException.invalid("Not a split of this store: " + split.token()));
        }
        ScanSplit inner = new ScanSplit(split.token().substring(FORMAT.length()));
        return table
            .scan(inner, maxEntries)
            .thenApply(
                page ->
                    new ScanPage(
                        page.changes(),
                        page.unreadable(),
                        page.remaining() == null ? null : ours(page.remaining())));
      }
    };
  }

  private static ScanSplit ours(ScanSplit inner) {
    return new ScanSplit(FORMAT + inner.token());
  }

  @Override
  public CompletionStage<Void> createIfAbsent(TableSpec spec) {
    return inner.createIfAbsent(spec);
  }

  @Override
  public CompletionStage<Void> validate(TableSpec spec) {
    return inner.validate(spec);
  }

  @Override
  public CompletionStage<Void> ping() {
    return inner.ping();
  }

  @Override
  public CompletionStage<Void> pingTables() {
    return inner.pingTables();
  }

  @Override
  public void close() {
    inner.close();
  }
}
