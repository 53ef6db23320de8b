// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.repair;

import io.dimstore.hbaseredis.internal.encoding.EntryCodec;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.RowKeys;
import io.dimstore.hbaseredis.internal.encoding.RowState;
import io.dimstore.hbaseredis.internal.entry.RedisEntries;
import io.dimstore.hbaseredis.internal.hbase.HBaseRows;
import io.dimstore.hbaseredis.internal.repair.EntryComparison.Verdict;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.StoreException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.hbase.client.Result;
import org.jspecify.annotations.Nullable;

/** Reads the same keys from HBase and then from Redis, and compares the two. Thread-safe. */
final class CopyComparison {

  private final RowKeys rowKeys;
  private final EntryComparison comparison;
  private final HBaseRows hbaseRows;
  private final RedisEntries redisEntries;
  private final InstantSource clock;
  private final Projection all;

  CopyComparison(
      Layout layout,
      EntryCodec entries,
      HBaseRows hbaseRows,
      RedisEntries redisEntries,
      InstantSource clock) {
    this.rowKeys = layout.keys();
    this.comparison = new EntryComparison(layout, entries);
    this.hbaseRows = hbaseRows;
    this.redisEntries = redisEntries;
    this.clock = clock;
    this.all = Projection.all(layout.mappings().length);
  }

  /**
   * A row in HBase and its entry in Redis, as read at one time.
   *
   * @param key the key; if the row key is not one of the table's, it has the row key as its only
   *     value
   * @param rowKey the row key
   * @param inHBase the state of the row in HBase, null if it cannot be read
   * @param entry the bytes in Redis, null if there are none
   * @param verdict the result of the comparison
   */
  record RowPair(
      Key key,
      byte[] rowKey,
      @Nullable RowState inHBase,
      byte @Nullable [] entry,
      Verdict verdict) {

    /** Whether HBase and Redis hold the same as in another pair of this key. */
    boolean holdsSameAs(RowPair other) {
      return EntryComparison.isSame(inHBase, other.inHBase) && Arrays.equals(entry, other.entry);
    }
  }

  /** Reads both, first HBase, then Redis. */
  CompletableFuture<List<RowPair>> read(List<byte[]> rowKeys) {
    List<Key> keys = rowKeys.stream().map(this.rowKeys::name).toList();
    if (keys.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    Set<Key> corrupt = new HashSet<>();
    return hbaseRows
        .read(keys, rowKeys, all, clock.millis(), (key, why) -> corrupt.add(key))
        .thenCompose(
            read -> {
              List<@Nullable RowState> stored = new ArrayList<>(read);
              for (int i = 0; i < keys.size(); i++) {
                if (corrupt.contains(keys.get(i))) {
                  stored.set(i, null);
                }
              }
              return withEntries(keys, rowKeys, stored);
            });
  }

  /** Reads only Redis, for rows that have been read from HBase. */
  CompletableFuture<List<RowPair>> readEntriesOf(List<Result> results) {
    long now = clock.millis();
    List<byte[]> rowKeys = results.stream().map(Result::getRow).toList();
    List<Key> keys = rowKeys.stream().map(this.rowKeys::name).toList();
    List<@Nullable RowState> stored = new ArrayList<>(results.size());
    for (int i = 0; i < results.size(); i++) {
      stored.add(decoded(keys.get(i), results.get(i), now));
    }
    return withEntries(keys, rowKeys, stored);
  }

  private @Nullable RowState decoded(Key key, Result result, long now) {
    try {
      return hbaseRows.decode(key, result, all, now);
    } catch (StoreException e) {
      return null;
    }
  }

  private CompletableFuture<List<RowPair>> withEntries(
      List<Key> keys, List<byte[]> rowKeys, List<@Nullable RowState> stored) {
    if (keys.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    return redisEntries
        .read(rowKeys)
        .thenApply(
            entries -> {
              long now = clock.millis();
              List<RowPair> pairs = new ArrayList<>(keys.size());
              for (int i = 0; i < keys.size(); i++) {
                Verdict verdict = comparison.of(stored.get(i), entries.get(i), now);
                pairs.add(
                    new RowPair(
                        keys.get(i), rowKeys.get(i), stored.get(i), entries.get(i), verdict));
              }
              return pairs;
            });
  }
}
