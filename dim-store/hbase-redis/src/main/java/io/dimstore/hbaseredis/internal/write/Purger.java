// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.write;

import io.dimstore.hbaseredis.internal.common.Background;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.EntryCodec;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.RowState;
import io.dimstore.hbaseredis.internal.encoding.StateCell;
import io.dimstore.hbaseredis.internal.entry.RedisEntries;
import io.dimstore.hbaseredis.internal.hbase.HBaseClock;
import io.dimstore.hbaseredis.internal.hbase.HBaseRows;
import io.dimstore.hbaseredis.internal.hbase.Scanner;
import io.dimstore.hbaseredis.internal.hbase.SplitToken;
import io.dimstore.hbaseredis.internal.hbase.WriteIntent;
import io.dimstore.hbaseredis.internal.hbase.WriteIntents;
import io.dimstore.spi.Maintenance.PurgePage;
import io.dimstore.spi.Projection;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.CellUtil;
import org.apache.hadoop.hbase.client.CheckAndMutate;
import org.apache.hadoop.hbase.client.Delete;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.client.Result;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Purges tombstones and expired rows whose retention has ended. HBase purges each row in one step,
 * and only if its state cell is unchanged since it was read, so a delete that was applied again
 * meanwhile is kept. The delete markers of the purge extend up to the purged version, so they never
 * hide a newer change. Redis is then updated as after a write.
 *
 * <p>HBase does not report when another tool deleted the cells of a row. The first purge that finds
 * such a row adds a note with its own time to the state cell, and the retention begins at that
 * time. Thread-safe.
 */
public final class Purger {

  private static final Logger LOG = LoggerFactory.getLogger(Purger.class);
  private static final int MAX_PAGE = 1_000;

  private final Layout layout;
  private final HBaseRows hbaseRows;
  private final RedisEntries redisEntries;
  private final Scanner scanner;
  private final WriteIntents intents;
  private final Background background;
  private final Meter meter;
  private final InstantSource clock;
  private final HBaseClock hbaseClock;
  private final long retentionMillis;
  private final Projection all;

  public Purger(
      Layout layout,
      HBaseRows hbaseRows,
      RedisEntries redisEntries,
      Scanner scanner,
      WriteIntents intents,
      Background background,
      Meter meter,
      InstantSource clock,
      HBaseClock hbaseClock,
      Duration retention) {
    this.hbaseClock = hbaseClock;
    this.layout = layout;
    this.hbaseRows = hbaseRows;
    this.redisEntries = redisEntries;
    this.scanner = scanner;
    this.intents = intents;
    this.background = background;
    this.meter = meter;
    this.clock = clock;
    this.retentionMillis = retention.toMillis();
    this.all = Projection.all(layout.mappings().length);
  }

  public CompletableFuture<PurgePage> purge(SplitToken range, int maxKeys) {
    int limit = Math.min(maxKeys, MAX_PAGE);
    return hbaseClock
        .requireInStep()
        .thenCompose(done -> scanner.rows(range, limit))
        .thenCompose(
            results -> {
              ScanSplit rest =
                  results.size() < limit
                      ? null
                      : range.after(results.get(results.size() - 1).getRow()).toSplit();
              // If this machine's clock is ahead of HBase's, retentions would end too early.
              long now = clock.millis() - hbaseClock.aheadMillis();
              List<Result> ended = new ArrayList<>();
              List<Result> undated = new ArrayList<>();
              int kept = 0;
              int corrupt = 0;
              for (Result result : results) {
                RowState stored = stored(result, now);
                if (stored == null) {
                  corrupt++;
                  continue;
                }
                if (stored instanceof RowState.Tombstone && isUndated(result)) {
                  undated.add(result);
                  kept++;
                  continue;
                }
                long since = endedAt(stored);
                if (since <= now - retentionMillis) {
                  ended.add(result);
                } else if (since <= now) {
                  kept++;
                }
              }
              int retained = kept;
              int unreadable = corrupt;
              return addNotes(undated, now)
                  .thenCompose(dated -> purgeRows(ended))
                  .thenApply(
                      purged ->
                          new PurgePage(
                              results.size(),
                              purged,
                              retained + ended.size() - purged,
                              unreadable,
                              rest));
            });
  }

  /**
   * Returns the state of a row, or null if it cannot be read. Such a row is counted, logged and not
   * purged.
   */
  private @Nullable RowState stored(Result result, long now) {
    try {
      return hbaseRows.decode(layout.keys().name(result.getRow()), result, all, now);
    } catch (StoreException e) {
      meter.count("purge.unreadable", 1);
      LOG.warn("Not purged: {}", e.getMessage());
      return null;
    }
  }

  /**
   * Returns when the row was deleted or expires, in epoch milliseconds. The expiry may be in the
   * future. Returns {@code Long.MAX_VALUE} for a row that has neither.
   */
  private static long endedAt(RowState stored) {
    if (stored instanceof RowState.Present row) {
      return row.expiresAt();
    }
    return stored instanceof RowState.Tombstone deleted ? deleted.appliedAt() : Long.MAX_VALUE;
  }

  /** Whether another tool deleted the cells of the row, and no purge has added a note yet. */
  private boolean isUndated(Result result) {
    Cell cell = stateCell(result);
    return StateCell.decode(cell.getValueArray(), cell.getValueOffset(), cell.getValueLength())
            instanceof StateCell.Live live
        && live.goneSince() == null;
  }

  /**
   * Adds a note with this time to the state cells of these rows, except rows that have changed
   * meanwhile. A concurrent put of the same version is not lost, because the state cell still
   * describes the row as put.
   */
  private CompletableFuture<Void> addNotes(List<Result> undated, long now) {
    if (undated.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    List<CheckAndMutate> steps = new ArrayList<>(undated.size());
    for (Result result : undated) {
      byte[] noted =
          StateCell.withNote(CellUtil.cloneValue(stateCell(result)), StateCell.GONE, now);
      Put put =
          new Put(result.getRow())
              .addColumn(layout.stateFamily(), StateCell.QUALIFIER, version(result), noted);
      steps.add(unchanged(result).build(put));
    }
    return hbaseRows.applyIf(steps).thenAccept(applied -> {});
  }

  private CompletableFuture<Integer> purgeRows(List<Result> ended) {
    if (ended.isEmpty()) {
      return CompletableFuture.completedFuture(0);
    }
    List<byte[]> rowKeys = ended.stream().map(Result::getRow).toList();
    List<CheckAndMutate> steps = ended.stream().map(this::step).toList();
    return intents
        .create(layout.declaration(), rowKeys)
        .thenCompose(
            intent ->
                hbaseRows
                    .applyIf(steps)
                    .thenCompose(
                        applied -> {
                          List<byte[]> purgedKeys = new ArrayList<>();
                          for (int i = 0; i < applied.size(); i++) {
                            if (applied.get(i)) {
                              purgedKeys.add(rowKeys.get(i));
                            }
                          }
                          meter.count("purged", purgedKeys.size());
                          return updateRedis(intent, purgedKeys)
                              .thenApply(done -> purgedKeys.size());
                        }));
  }

  private CheckAndMutate step(Result result) {
    long version = version(result);
    Delete delete = new Delete(result.getRow()).addFamily(layout.stateFamily(), version);
    for (byte[] data : layout.dataFamilies()) {
      delete.addFamily(data, version);
    }
    return unchanged(result).build(delete);
  }

  private long version(Result result) {
    return stateCell(result).getTimestamp();
  }

  private Cell stateCell(Result result) {
    return result.getColumnLatestCell(layout.stateFamily(), StateCell.QUALIFIER);
  }

  private CheckAndMutate.Builder unchanged(Result result) {
    byte[] family = layout.stateFamily();
    return CheckAndMutate.newBuilder(result.getRow())
        .ifEquals(family, StateCell.QUALIFIER, result.getValue(family, StateCell.QUALIFIER));
  }

  /**
   * Removes the cached entries of purged rows, and invalidates leases of readers that may have read
   * them before the purge.
   */
  private CompletableFuture<Void> updateRedis(WriteIntent intent, List<byte[]> purgedKeys) {
    return redisEntries
        .apply(purgedKeys, Collections.nCopies(purgedKeys.size(), EntryCodec.negative()))
        .handle(
            (applied, failure) -> {
              background.run(failure == null ? intents.remove(intent) : intents.recordEnd(intent));
              return null;
            });
  }
}
