// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.repair;

import io.dimstore.hbaseredis.internal.common.Failures;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.EncodedChange;
import io.dimstore.hbaseredis.internal.encoding.EntryCodec;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.RowState;
import io.dimstore.hbaseredis.internal.entry.RedisEntries;
import io.dimstore.hbaseredis.internal.hbase.HBaseRows;
import io.dimstore.hbaseredis.internal.hbase.WriteIntent;
import io.dimstore.hbaseredis.internal.hbase.WriteIntents;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.StoreException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.hbase.client.Delete;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Reconciles Redis with HBase for the keys of some write intents: reads HBase, updates Redis under
 * the guard of versions, and removes the intents whose batches have ended. Thread-safe.
 */
public final class Reconciler {

  private final Layout layout;
  private final HBaseRows hbaseRows;
  private final RedisEntries redisEntries;
  private final EntryCodec entries;
  private final WriteIntents intents;
  private final Meter meter;
  private final InstantSource clock;

  public Reconciler(
      Layout layout,
      HBaseRows hbaseRows,
      RedisEntries redisEntries,
      EntryCodec entries,
      WriteIntents intents,
      Meter meter,
      InstantSource clock) {
    this.layout = layout;
    this.hbaseRows = hbaseRows;
    this.redisEntries = redisEntries;
    this.entries = entries;
    this.intents = intents;
    this.meter = meter;
    this.clock = clock;
  }

  /**
   * The result for some write intents.
   *
   * @param healed the number of entries that were replaced or removed
   * @param failure why Redis, or a part of it, could not be updated; the intents then stay. Null if
   *     it was updated
   */
  record Outcome(long healed, @Nullable StoreException failure) {}

  /**
   * Reconciles the keys of these write intents. Fails if HBase fails; a failure of Redis is in the
   * outcome.
   */
  CompletableFuture<Outcome> reconcile(List<WriteIntent> some) {
    TreeSet<byte[]> distinct = new TreeSet<>(Bytes.BYTES_COMPARATOR);
    some.forEach(intent -> distinct.addAll(intent.rowKeys()));
    List<byte[]> rowKeys = List.copyOf(distinct);
    meter.count("reconcile.keys", rowKeys.size());
    return (rowKeys.isEmpty()
            ? CompletableFuture.completedFuture(new Outcome(0, null))
            : reconcileRows(rowKeys))
        .thenCompose(
            outcome ->
                (outcome.failure == null
                        ? intents.removeAll(some.stream().filter(WriteIntent::isOver).toList())
                        : CompletableFuture.<Void>completedFuture(null))
                    .thenApply(removed -> outcome));
  }

  private CompletableFuture<Outcome> reconcileRows(List<byte[]> rowKeys) {
    List<Key> keys = rowKeys.stream().map(layout.keys()::name).toList();
    return hbaseRows
        .read(
            keys,
            rowKeys,
            Projection.all(layout.mappings().length),
            clock.millis(),
            (key, unreadable) -> meter.count("repair.corrupt", 1))
        .thenCompose(
            stored -> {
              List<byte[]> values = new ArrayList<>(stored.size());
              List<Delete> markers = new ArrayList<>();
              for (int i = 0; i < stored.size(); i++) {
                byte[] entry = entries.encode(stored.get(i));
                values.add(entry == null ? EntryCodec.negative() : entry);
                if (stored.get(i) instanceof RowState.Tombstone tombstone) {
                  EncodedChange.markers(layout, rowKeys.get(i), tombstone.version())
                      .ifPresent(markers::add);
                }
              }
              return hbaseRows
                  .sendDeleteMarkers(markers)
                  .thenCompose(done -> updateRedis(rowKeys, values));
            });
  }

  private CompletableFuture<Outcome> updateRedis(List<byte[]> rowKeys, List<byte[]> values) {
    return redisEntries
        .apply(rowKeys, values)
        .handle(
            (applied, failure) -> {
              if (failure != null) {
                return new Outcome(0, Failures.of("Redis", failure));
              }
              meter.count("repair.healed", applied.healed());
              return new Outcome(applied.healed(), null);
            });
  }
}
