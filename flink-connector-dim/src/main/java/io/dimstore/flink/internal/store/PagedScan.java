// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.store;

import io.dimstore.flink.internal.cache.CacheScan;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Projection;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Reads a whole table in a few parts at the same time, the pages of each part one after the other.
 *
 * @param executor handles the pages, so that pages that come at once do not nest
 */
record PagedScan(
    DimensionTable table, Projection columns, int pageSize, Retry retry, Executor executor)
    implements CacheScan {

  private static final int PARTS = 4;

  @Override
  public CompletionStage<Void> read(Pages pages) {
    return retry
        .run(() -> table.splits(PARTS, ScanOptions.rows(columns)))
        .thenComposeAsync(splits -> read(splits, pages), executor);
  }

  private CompletionStage<Void> read(List<ScanSplit> splits, Pages pages) {
    AtomicBoolean ended = new AtomicBoolean();
    List<Deque<ScanSplit>> parts = new ArrayList<>();
    for (int i = 0; i < splits.size(); i++) {
      if (i < PARTS) {
        parts.add(new ArrayDeque<>());
      }
      parts.get(i % PARTS).add(splits.get(i));
    }
    return CompletableFuture.allOf(
        parts.stream()
            .map(
                part ->
                    rest(part, pages, ended)
                        .whenComplete(
                            (done, failure) -> ended.compareAndSet(false, failure != null))
                        .toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }

  private CompletionStage<Void> rest(Deque<ScanSplit> left, Pages pages, AtomicBoolean ended) {
    ScanSplit next = left.poll();
    if (next == null || ended.get()) {
      return CompletableFuture.completedFuture(null);
    }
    long began = System.nanoTime();
    return retry
        .run(() -> table.scan(next, pageSize))
        .thenComposeAsync(
            page -> {
              if (!pages.page(page, began)) {
                ended.set(true);
              } else if (page.remaining() != null) {
                left.addFirst(page.remaining());
              }
              return rest(left, pages, ended);
            },
            executor);
  }
}
