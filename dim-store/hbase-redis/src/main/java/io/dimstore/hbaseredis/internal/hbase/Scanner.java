// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.RowState;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.UnreadableRow;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.Scan;
import org.apache.hadoop.hbase.util.Bytes;
import org.apache.hadoop.hbase.util.Pair;
import org.jspecify.annotations.Nullable;

/** Scans one table. Scans read only HBase, not Redis. Thread-safe. */
public final class Scanner {

  /**
   * The most rows in a page. Larger pages would only cost memory, and a page may be smaller than
   * requested.
   */
  private static final int MAX_PAGE = 5_000;

  private static final byte[] OPEN = {};

  private final HBaseClient client;
  private final Meter meter;
  private final Layout layout;
  private final HBaseRows hbaseRows;
  private final InstantSource clock;
  private final long retentionMillis;
  private final Projection all;

  public Scanner(
      HBaseClient client,
      Meter meter,
      Layout layout,
      HBaseRows hbaseRows,
      InstantSource clock,
      Duration retention,
      Projection all) {
    this.client = client;
    this.meter = meter;
    this.layout = layout;
    this.hbaseRows = hbaseRows;
    this.clock = clock;
    this.retentionMillis = retention.toMillis();
    this.all = all;
  }

  /**
   * Returns a split for each region. Regions are joined or divided to come near to the desired
   * number. A single split of a range of rows needs no request.
   */
  public CompletableFuture<List<ScanSplit>> splits(int desired, ScanOptions options) {
    SplitToken whole =
        new SplitToken(
            layout.declaration(),
            layout.shape(),
            sought(options.from()),
            true,
            sought(options.to()),
            options.from() == null ? OPEN : layout.keys().order(options.from()),
            options.to() == null ? OPEN : layout.keys().order(options.to()),
            options.tombstones(),
            options.columns());
    if (desired == 1 && whole.start().length > 0) {
      return CompletableFuture.completedFuture(List.of(whole.toSplit()));
    }
    return regions()
        .thenApply(
            regions -> {
              List<SplitToken> tokens = new ArrayList<>();
              for (Pair<byte[], byte[]> range : near(desired, regions)) {
                byte[] start = latest(range.getFirst(), whole.start());
                byte[] end = earliest(range.getSecond(), whole.end());
                if (end.length == 0 || Bytes.compareTo(start, end) < 0) {
                  tokens.add(whole.within(start, end));
                }
              }
              return tokens.stream().map(SplitToken::toSplit).toList();
            });
  }

  public CompletableFuture<ScanPage> scan(SplitToken split, int maxEntries) {
    int limit = Math.min(maxEntries, MAX_PAGE);
    return rows(split, limit)
        .thenApply(
            results -> {
              List<Change> changes = new ArrayList<>(results.size());
              long now = clock.millis();
              List<UnreadableRow> unreadable = new ArrayList<>(0);
              for (Result result : results) {
                try {
                  Change change = change(split, result, now);
                  if (change != null) {
                    changes.add(change);
                  }
                } catch (StoreException e) {
                  unreadable.add(unreadable(e));
                }
              }
              boolean ended = results.size() < limit;
              return new ScanPage(
                  changes,
                  unreadable,
                  ended ? null : split.after(results.get(results.size() - 1).getRow()).toSplit());
            });
  }

  /**
   * Reads rows and tombstones by key, as a scan with tombstones returns them. The result is in the
   * order of the keys.
   *
   * @param isKey whether the values of a key have the types of the key columns
   */
  public CompletableFuture<List<@Nullable Change>> stored(List<Key> keys, Predicate<Key> isKey) {
    Map<Key, byte[]> held = held(keys, isKey);
    if (held.isEmpty()) {
      return CompletableFuture.completedFuture(Collections.nCopies(keys.size(), null));
    }
    long now = clock.millis();
    List<Key> asked = List.copyOf(held.keySet());
    CorruptRows corrupt = new CorruptRows();
    return hbaseRows
        .read(asked, List.copyOf(held.values()), all, now, corrupt)
        .thenApply(
            states -> {
              corrupt.requireNone();
              Map<Key, @Nullable Change> found = new HashMap<>(states.size() * 2);
              for (int i = 0; i < states.size(); i++) {
                Key key = asked.get(i);
                Put put = states.get(i).answer(key, all, now);
                found.put(key, put == null ? tombstone(key, states.get(i), now) : put);
              }
              List<@Nullable Change> changes = new ArrayList<>(keys.size());
              keys.forEach(key -> changes.add(found.get(key)));
              return changes;
            });
  }

  /**
   * Returns when other tools last changed rows since dimstore wrote them, in the order of the keys;
   * null for the other rows.
   *
   * @param isKey whether the values of a key have the types of the key columns
   */
  public CompletableFuture<List<@Nullable Instant>> foreignWrites(
      List<Key> keys, Predicate<Key> isKey) {
    Map<Key, byte[]> held = held(keys, isKey);
    if (held.isEmpty()) {
      return CompletableFuture.completedFuture(Collections.nCopies(keys.size(), null));
    }
    return hbaseRows
        .foreignWrites(List.copyOf(held.values()), clock.millis())
        .thenApply(
            times -> {
              Map<Key, Long> found = new HashMap<>(times.size() * 2);
              int next = 0;
              for (Key key : held.keySet()) {
                found.put(key, times.get(next++));
              }
              List<@Nullable Instant> answers = new ArrayList<>(keys.size());
              for (Key key : keys) {
                long time = found.getOrDefault(key, -1L);
                answers.add(time < 0 ? null : Instant.ofEpochMilli(time));
              }
              return answers;
            });
  }

  /** Returns the row keys of the keys that HBase can hold. */
  private Map<Key, byte[]> held(List<Key> keys, Predicate<Key> isKey) {
    Map<Key, byte[]> held = new LinkedHashMap<>(keys.size() * 2);
    for (Key key : keys) {
      byte[] row = isKey.test(key) ? layout.keys().encode(key) : null;
      if (row != null) {
        held.put(key, row);
      }
    }
    return held;
  }

  /**
   * Returns the next rows of a range, not decoded. Fewer rows than the limit mean that the range
   * has ended.
   */
  public CompletableFuture<List<Result>> rows(SplitToken split, int limit) {
    return hbaseRows.scan(
        new Scan()
            .withStartRow(split.start(), split.startInclusive())
            .withStopRow(split.end())
            .setLimit(limit)
            .setCaching(limit));
  }

  private static UnreadableRow unreadable(StoreException why) {
    Key key = why.keys().isEmpty() ? null : why.keys().get(0);
    return new UnreadableRow(key, String.valueOf(why.getMessage()));
  }

  private @Nullable Change change(SplitToken split, Result result, long now) {
    Key key = layout.keys().decode(result.getRow());
    if (split.from().length > 0 || split.to().length > 0) {
      byte[] order = layout.keys().order(key);
      if (Bytes.compareTo(order, split.from()) < 0
          || (split.to().length > 0 && Bytes.compareTo(order, split.to()) >= 0)) {
        return null;
      }
    }
    RowState stored = hbaseRows.decode(key, result, split.columns(), now);
    Put put = stored.answer(key, split.columns(), now);
    return put != null || !split.tombstones() ? put : tombstone(key, stored, now);
  }

  /** Returns the tombstone of a deleted or expired row that is still remembered, or null. */
  private @Nullable Change tombstone(Key key, RowState stored, long now) {
    if (stored instanceof RowState.Present expired) {
      return remembered(expired.expiresAt(), now) ? new Delete(key, expired.version()) : null;
    }
    return stored instanceof RowState.Tombstone deleted && remembered(deleted.appliedAt(), now)
        ? new Delete(key, deleted.version())
        : null;
  }

  private boolean remembered(long since, long now) {
    return now - since < retentionMillis;
  }

  private CompletableFuture<List<Pair<byte[], byte[]>>> regions() {
    return client
        .locator(layout.table())
        .thenCompose(
            locator ->
                meter.hbase(
                    Operation.SCAN,
                    0,
                    done -> 0,
                    () -> {
                      try {
                        return locator.getStartEndKeys();
                      } catch (IOException e) {
                        return CompletableFuture.failedFuture(e);
                      }
                    }))
        .thenApply(
            regions -> {
              if (regions.isEmpty()) {
                throw new StoreException(
                    Kind.NO_TABLE, "HBase has no table " + layout.table().getNameAsString());
              }
              return whole(regions);
            });
  }

  /**
   * Returns the ranges between the start keys of the regions. While regions split or merge, the
   * catalog may list them with gaps or overlaps. The ranges have neither, so the splits cover each
   * row exactly once.
   */
  static List<Pair<byte[], byte[]>> whole(List<Pair<byte[], byte[]>> regions) {
    TreeSet<byte[]> starts = new TreeSet<>(Bytes.BYTES_COMPARATOR);
    starts.add(OPEN);
    regions.forEach(region -> starts.add(region.getFirst()));
    List<Pair<byte[], byte[]>> ranges = new ArrayList<>(starts.size());
    for (byte[] start : starts) {
      byte[] next = starts.higher(start);
      ranges.add(Pair.newPair(start, next == null ? OPEN : next));
    }
    return ranges;
  }

  /**
   * Returns the row key at which a range of keys begins or ends. Returns an open end if row keys do
   * not sort as the keys do, or HBase cannot hold the key.
   */
  private byte[] sought(@Nullable Key key) {
    byte[] row = key == null || !layout.keys().sorted() ? null : layout.keys().encode(key);
    return row == null ? OPEN : row;
  }

  private static List<Pair<byte[], byte[]>> near(int desired, List<Pair<byte[], byte[]>> regions) {
    List<Pair<byte[], byte[]>> ranges = new ArrayList<>();
    int count = regions.size();
    if (count >= desired) {
      for (int i = 0; i < desired; i++) {
        int first = (int) ((long) i * count / desired);
        int last = (int) ((long) (i + 1) * count / desired) - 1;
        ranges.add(Pair.newPair(regions.get(first).getFirst(), regions.get(last).getSecond()));
      }
      return ranges;
    }
    int parts = desired / count;
    for (Pair<byte[], byte[]> region : regions) {
      ranges.addAll(divide(region, parts));
    }
    return ranges;
  }

  /**
   * Divides a region evenly by bytes. The first and the last region, which are open at one end,
   * stay whole.
   */
  private static List<Pair<byte[], byte[]>> divide(Pair<byte[], byte[]> region, int parts) {
    byte[] start = region.getFirst();
    byte[] end = region.getSecond();
    byte[][] bounds =
        parts < 2 || start.length == 0 || end.length == 0
            ? null
            : Bytes.split(start, end, parts - 1);
    if (bounds == null) {
      return List.of(region);
    }
    List<Pair<byte[], byte[]>> ranges = new ArrayList<>();
    for (int i = 0; i + 1 < bounds.length; i++) {
      ranges.add(Pair.newPair(bounds[i], bounds[i + 1]));
    }
    return ranges;
  }

  private static byte[] latest(byte[] a, byte[] b) {
    return Arrays.compareUnsigned(a, b) >= 0 ? a : b;
  }

  /** Returns the earlier of two ends; an empty one is the end of the table. */
  private static byte[] earliest(byte[] a, byte[] b) {
    if (a.length == 0 || b.length == 0) {
      return a.length == 0 ? b : a;
    }
    return Arrays.compareUnsigned(a, b) <= 0 ? a : b;
  }
}
