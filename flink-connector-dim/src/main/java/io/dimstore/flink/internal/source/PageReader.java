// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.source;

import io.dimstore.flink.internal.store.Retry;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.KeyCodec;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.UnreadableRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads the next page of a split: it scans a part of the table, or asks the table for keys.
 * Thread-safe.
 */
final class PageReader {

  /**
   * Rows of a split.
   *
   * @param rest the rest of the split, or null at its end
   */
  record Page(List<Put> rows, List<UnreadableRow> unreadable, @Nullable DimSplit rest) {}

  private final DimensionTable rows;
  private final Projection columns;
  private final KeyCodec codec;
  private final int pageSize;
  private final Retry retry;

  PageReader(DimensionTable rows, Projection columns, KeyCodec codec, int pageSize, Retry retry) {
    this.rows = rows;
    this.columns = columns;
    this.codec = codec;
    this.pageSize = pageSize;
    this.retry = retry;
  }

  /** Reads the next page. The future fails with the store's failure. */
  CompletableFuture<Page> next(DimSplit split) {
    return KeySplit.isToken(split.token()) ? get(split) : scan(split);
  }

  private CompletableFuture<Page> scan(DimSplit split) {
    return retry
        .run(() -> rows.scan(new ScanSplit(split.token()), pageSize))
        .thenApply(page -> page(split.id(), page));
  }

  private static Page page(String id, ScanPage page) {
    List<Put> rows = new ArrayList<>(page.changes().size());
    for (Change change : page.changes()) {
      if (change instanceof Put put) {
        rows.add(put);
      }
    }
    ScanSplit remaining = page.remaining();
    return new Page(
        rows, page.unreadable(), remaining == null ? null : new DimSplit(id, remaining.token()));
  }

  private CompletableFuture<Page> get(DimSplit split) {
    List<byte[]> encoded = KeySplit.encoded(split.token());
    int count = Math.min(encoded.size(), pageSize);
    DimSplit rest =
        count == encoded.size()
            ? null
            : new DimSplit(split.id(), KeySplit.token(encoded.subList(count, encoded.size())));
    List<Key> keys = KeySplit.keys(encoded.subList(0, count), codec);
    return get(keys, List.of()).thenApply(found -> new Page(found.rows, found.unreadable, rest));
  }

  /**
   * Asks for keys. A row that cannot be decoded fails the whole request, so the other keys are
   * asked for again.
   */
  private CompletableFuture<Page> get(List<Key> keys, List<UnreadableRow> unreadable) {
    return retry
        .run(() -> rows.get(keys, columns))
        .handle(
            (found, failure) -> {
              if (failure == null) {
                return CompletableFuture.completedFuture(page(found, unreadable));
              }
              StoreException known = StoreException.find(failure);
              List<Key> others = known == null ? keys : others(keys, known);
              if (known == null || others.size() == keys.size()) {
                return CompletableFuture.<Page>failedFuture(failure);
              }
              List<UnreadableRow> all = new ArrayList<>(unreadable);
              for (Key key : keys) {
                if (known.keys().contains(key)) {
                  all.add(new UnreadableRow(key, String.valueOf(known.getMessage())));
                }
              }
              return others.isEmpty()
                  ? CompletableFuture.completedFuture(new Page(List.of(), all, null))
                  : get(others, all);
            })
        .thenCompose(page -> page);
  }

  private static Page page(List<@Nullable Put> found, List<UnreadableRow> unreadable) {
    List<Put> present = new ArrayList<>(found.size());
    for (Put put : found) {
      if (put != null) {
        present.add(put);
      }
    }
    return new Page(present, unreadable, null);
  }

  private static List<Key> others(List<Key> keys, StoreException failure) {
    if (failure.kind() != StoreException.Kind.CORRUPT) {
      return keys;
    }
    Set<Key> unreadable = new HashSet<>(failure.keys());
    return keys.stream().filter(key -> !unreadable.contains(key)).toList();
  }
}
