package io.dimstore.hbaseredis;

import io.dimstore.hbaseredis.Marks.Mark;
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
 * Forgets tombstones and expired rows when their retention is over. HBase does it in one step per
 * row, and only if the state cell is still the one that was read: a delete that was applied again
 * meanwhile is remembered anew. Its markers reach up to the forgotten version, so that a newer
 * change is never hidden by them. Redis follows as with a write.
 *
 * <p>HBase does not tell when another tool deleted the cells of a row. The first purge that finds
 * such a row notes the time in its state cell, and its retention begins. Thread-safe.
 */
final class Purger {

  private static final Logger LOG = LoggerFactory.getLogger(Purger.class);
  private static final int MAX_PAGE = 1_000;

  private final Layout layout;
  private final Truth truth;
  private final RedisCopy copy;
  private final Scanner scanner;
  private final Marks marks;
  private final Background background;
  private final Meter meter;
  private final InstantSource clock;
  private final HBaseClock hbaseClock;
  private final long retentionMillis;
  private final Projection all;

  Purger(
      Layout layout,
      Truth truth,
      RedisCopy copy,
      Scanner scanner,
      Marks marks,
      Background background,
      Meter meter,
      InstantSource clock,
      HBaseClock hbaseClock,
      Duration retention) {
    this.hbaseClock = hbaseClock;
    this.layout = layout;
    this.truth = truth;
    this.copy = copy;
    this.scanner = scanner;
    this.marks = marks;
    this.background = background;
    this.meter = meter;
    this.clock = clock;
    this.retentionMillis = retention.toMillis();
    this.all = Projection.all(layout.slots().length);
  }

  CompletableFuture<PurgePage> purge(SplitToken range, int maxKeys) {
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
              // A clock that is ahead of HBase's would end a retention too early.
              long now = clock.millis() - hbaseClock.aheadMillis();
              List<Result> ended = new ArrayList<>();
              List<Result> undated = new ArrayList<>();
              int kept = 0;
              int corrupt = 0;
              for (Result result : results) {
                Stored stored = stored(result, now);
                if (stored == null) {
                  corrupt++;
                  continue;
                }
                if (stored instanceof Stored.Tombstone && isUndated(result)) {
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
              int remembered = kept;
              int unreadable = corrupt;
              return date(undated, now)
                  .thenCompose(dated -> forget(ended))
                  .thenApply(
                      purged ->
                          new PurgePage(
                              results.size(),
                              purged,
                              remembered + ended.size() - purged,
                              unreadable,
                              rest));
            });
  }

  /** What a row holds; null where it cannot be read: it stays, for somebody to look at. */
  private @Nullable Stored stored(Result result, long now) {
    try {
      return truth.decode(layout.keys().name(result.getRow()), result, all, now);
    } catch (StoreException e) {
      meter.count("purge.unreadable", 1);
      LOG.warn("Not purged: {}", e.getMessage());
      return null;
    }
  }

  /** When the row was deleted or expired; in the future where it was not. */
  private static long endedAt(Stored stored) {
    if (stored instanceof Stored.Present row) {
      return row.expiresAt();
    }
    return stored instanceof Stored.Tombstone deleted ? deleted.appliedAt() : Long.MAX_VALUE;
  }

  /** Whether another tool deleted the cells of a deleted row, and no purge has noted when. */
  private boolean isUndated(Result result) {
    Cell cell = stateCell(result);
    return StateCell.decode(cell.getValueArray(), cell.getValueOffset(), cell.getValueLength())
            instanceof StateCell.Live live
        && live.goneSince() == null;
  }

  /**
   * Notes in the state cells that the cells of these rows are gone now, unless a row has changed
   * meanwhile. A put of the same version that comes between is not harmed: the state cell still
   * says that the row was put.
   */
  private CompletableFuture<Void> date(List<Result> undated, long now) {
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
    return truth.applyIf(steps).thenAccept(applied -> {});
  }

  private CompletableFuture<Integer> forget(List<Result> ended) {
    if (ended.isEmpty()) {
      return CompletableFuture.completedFuture(0);
    }
    List<byte[]> rowKeys = ended.stream().map(Result::getRow).toList();
    List<CheckAndMutate> steps = ended.stream().map(this::step).toList();
    return marks
        .set(layout.declaration(), rowKeys)
        .thenCompose(
            mark ->
                truth
                    .applyIf(steps)
                    .thenCompose(
                        applied -> {
                          List<byte[]> forgotten = new ArrayList<>();
                          for (int i = 0; i < applied.size(); i++) {
                            if (applied.get(i)) {
                              forgotten.add(rowKeys.get(i));
                            }
                          }
                          meter.count("purged", forgotten.size());
                          return follow(mark, forgotten).thenApply(done -> forgotten.size());
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

  /** An entry that remembers what is forgotten goes, and so does a lease of one who read it. */
  private CompletableFuture<Void> follow(Mark mark, List<byte[]> forgotten) {
    return copy.apply(forgotten, Collections.nCopies(forgotten.size(), EntryCodec.negative()))
        .handle(
            (applied, failure) -> {
              background.run(failure == null ? marks.remove(mark) : marks.ended(mark));
              return null;
            });
  }
}
