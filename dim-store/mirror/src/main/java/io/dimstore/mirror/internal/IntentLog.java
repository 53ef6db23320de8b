// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import io.dimstore.mirror.internal.IntentCodec.Pending;
import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance.Backlog;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.support.RecordChecks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The intents of one table in one side: writes that this side has applied and the other one may
 * lack. They are rows of an ordinary table of that side's store. Each has a random name and is
 * never changed, so removing one never removes a later one. Thread-safe.
 */
final class IntentLog {

  private static final int MOST_BYTES = 64 * 1024;
  private static final int MOST_KEYS = 1_000;
  private static final long WRITTEN = 1;
  private static final long REMOVED = 2;

  /**
   * One stored intent.
   *
   * @param name the key of its row
   * @param keys the number of keys
   * @param sinceMillis when it was stored, in epoch milliseconds by the clock of its writer
   * @param seenNanos when this process listed it for the first time, by its own monotonic clock
   */
  record Entry(Key name, List<Pending> pending, int keys, long sinceMillis, long seenNanos) {}

  private final DimensionStore store;
  private final TableSpec spec;
  private final DimensionTable table;
  private final IntentCodec codec;
  private final String prefix;
  private final LongSupplier wallClock;
  private final LongSupplier nanoTime;
  private final Map<Key, Long> seen = new ConcurrentHashMap<>();

  /**
   * @param store the store of the side that keeps the intents
   * @param intentsTable the name of the table of intents
   * @param mirrored the declaration of the dimension table
   * @param wallClock the time in epoch milliseconds, for the age of intents
   * @param nanoTime the time by a monotonic clock
   */
  IntentLog(
      DimensionStore store,
      String intentsTable,
      TableSpec mirrored,
      LongSupplier wallClock,
      LongSupplier nanoTime) {
    this.store = store;
    this.spec = spec(intentsTable);
    this.table = store.table(spec);
    this.codec = new IntentCodec(mirrored);
    this.prefix = RecordChecks.part(mirrored.name()) + "/";
    this.wallClock = wallClock;
    this.nanoTime = nanoTime;
  }

  private static TableSpec spec(String name) {
    return new TableSpec(
        name,
        List.of(
            new Column("intent", DataType.STRING),
            new Column("pending", DataType.BYTES),
            new Column("pending_keys", DataType.Simple.INT),
            new Column("since", DataType.Simple.BIGINT),
            new Column("reason", DataType.STRING)),
        List.of("intent"));
  }

  /** Creates the table of intents unless it exists. */
  CompletionStage<Void> create() {
    return store.createIfAbsent(spec);
  }

  /** Stores intents for changes that this side has applied. */
  CompletionStage<Void> add(List<Pending> changes, long sinceMillis, String reason) {
    List<Change> rows = new ArrayList<>();
    Iterator<Pending> rest = changes.iterator();
    List<Pending> next = new ArrayList<>();
    int bytes = 0;
    while (rest.hasNext()) {
      Pending each = rest.next();
      next.add(each);
      bytes += codec.size(each);
      if (bytes >= MOST_BYTES || next.size() == MOST_KEYS || !rest.hasNext()) {
        rows.add(row(next, sinceMillis, reason));
        next = new ArrayList<>();
        bytes = 0;
      }
    }
    return table
        .write(rows)
        .exceptionallyCompose(
            failure -> {
              StoreException known = StoreException.find(failure);
              return known != null && known.kind() == Kind.NO_TABLE
                  ? create().thenCompose(created -> table.write(rows))
                  : CompletableFuture.failedFuture(failure);
            });
  }

  private Put row(List<Pending> pending, long sinceMillis, String reason) {
    return new Put(
        Key.of(prefix + codec.columns() + "/" + UUID.randomUUID()),
        Row.of(codec.encode(pending), pending.size(), sinceMillis, reason),
        WRITTEN);
  }

  long now() {
    return wallClock.getAsLong();
  }

  /** Removes intents that are reconciled. */
  CompletionStage<Void> remove(List<Entry> entries) {
    entries.forEach(entry -> seen.remove(entry.name()));
    return table.write(
        entries.stream().<Change>map(entry -> new Delete(entry.name(), REMOVED)).toList());
  }

  /**
   * Lists intents of writers that declare the same columns as this process. It begins at a random
   * one, so that intents that cannot be reconciled yet do not keep the others from being listed.
   *
   * @param maxKeys the number of keys at which to stop; at least one intent is listed
   */
  CompletionStage<List<Entry>> list(int maxKeys) {
    List<Entry> found = new ArrayList<>();
    Predicate<Put> visitor =
        put -> {
          found.add(
              new Entry(
                  put.key(),
                  codec.decode((byte[]) value(put, 0)),
                  (Integer) value(put, 1),
                  (Long) value(put, 2),
                  seen.computeIfAbsent(put.key(), name -> nanoTime.getAsLong())));
          return keysOf(found) < maxKeys;
        };
    String begin = prefix + codec.columns() + "/";
    String middle = begin + UUID.randomUUID();
    return scan(middle, endOf(begin), visitor)
        .thenCompose(
            done ->
                keysOf(found) < maxKeys
                    ? scan(begin, middle, visitor)
                    : CompletableFuture.<@Nullable Void>completedFuture(null))
        .thenApply(
            done -> {
              if (keysOf(found) < maxKeys) {
                // All were listed: others have removed the rest.
                seen.keySet()
                    .retainAll(found.stream().map(Entry::name).collect(Collectors.toSet()));
              }
              return found;
            });
  }

  private static int keysOf(List<Entry> entries) {
    return entries.stream().mapToInt(Entry::keys).sum();
  }

  /** Counts the keys of the intents of all writers of the table. */
  CompletionStage<Backlog> backlog(int maxKeys) {
    long[] keys = {0};
    long[] oldest = {Long.MAX_VALUE};
    return scan(
            prefix,
            endOf(prefix),
            put -> {
              keys[0] += (Integer) value(put, 1);
              oldest[0] = Math.min(oldest[0], (Long) value(put, 2));
              return keys[0] <= maxKeys;
            })
        .thenApply(
            done ->
                new Backlog(
                    Math.min(keys[0], maxKeys),
                    keys[0] > maxKeys,
                    keys[0] == 0
                        ? Duration.ZERO
                        : Duration.ofMillis(Math.max(0, now() - oldest[0]))));
  }

  /** Returns whether the table has no intents of any writer. */
  CompletionStage<Boolean> isEmpty() {
    boolean[] empty = {true};
    return scan(
            prefix,
            endOf(prefix),
            put -> {
              empty[0] = false;
              return false;
            })
        .thenApply(done -> empty[0]);
  }

  private static Object value(Put put, int column) {
    Object value = put.row().get(column);
    if (value == null) {
      throw new StoreException(Kind.CORRUPT, "Intent " + put.key() + " of the mirror has a null");
    }
    return value;
  }

  /** Returns the end of the names that begin with this text, whose last character is a slash. */
  private static String endOf(String begin) {
    return begin.substring(0, begin.length() - 1) + (char) ('/' + 1);
  }

  /** Passes the rows of a range of names on, as long as the visitor wants more. */
  private CompletionStage<@Nullable Void> scan(String begin, String end, Predicate<Put> visitor) {
    ScanOptions all = new ScanOptions(spec.all(), Key.of(begin), Key.of(end), false);
    return table
        .splits(1, all)
        .thenCompose(splits -> scan(new ArrayList<>(splits), visitor))
        .exceptionallyCompose(
            failure -> {
              StoreException known = StoreException.find(failure);
              return known != null && known.kind() == Kind.NO_TABLE
                  ? CompletableFuture.<@Nullable Void>completedFuture(null)
                  : CompletableFuture.failedFuture(failure);
            });
  }

  private CompletionStage<@Nullable Void> scan(List<ScanSplit> splits, Predicate<Put> visitor) {
    if (splits.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    return table
        .scan(splits.remove(0), 100)
        .thenCompose(
            page -> {
              page.requireReadable();
              for (Change change : page.changes()) {
                if (change instanceof Put put && !visitor.test(put)) {
                  return CompletableFuture.<@Nullable Void>completedFuture(null);
                }
              }
              ScanSplit remaining = page.remaining();
              if (remaining != null) {
                splits.add(0, remaining);
              }
              return scan(splits, visitor);
            });
  }
}
