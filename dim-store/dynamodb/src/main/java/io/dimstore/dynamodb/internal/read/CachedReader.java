// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.read;

import io.dimstore.dynamodb.internal.read.ReadCache.Entry;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.support.Deadline;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Answers lookups from the young entries of a {@link ReadCache}, and reads the other keys with
 * eventual consistency. It reads a key with strong consistency if this process wrote the key, or if
 * the eventual read returned an older row than was seen before. Whole rows are read and cached,
 * since the projection does not change the cost of reading an item.
 */
public final class CachedReader implements RowReader {

  private final ReadCache cache;
  private final RowReader eventual;
  private final RowReader strong;
  private final Projection all;
  private final int columns;
  private final Object layout;
  private final StoreMetrics metrics;
  private final InstantSource clock;

  public CachedReader(
      ReadCache cache,
      TableSpec spec,
      RowReader eventual,
      RowReader strong,
      StoreMetrics metrics,
      InstantSource clock) {
    this.cache = cache;
    this.eventual = eventual;
    this.strong = strong;
    this.all = spec.all();
    this.columns = spec.values().size();
    this.layout = spec.columns();
    this.metrics = metrics;
    this.clock = clock;
  }

  @Override
  public CompletableFuture<List<@Nullable Put>> get(
      List<Key> keys, Projection requested, Deadline deadline) {
    if (requested.size() > columns) {
      return strong.get(keys, requested, deadline);
    }
    long now = clock.millis();
    Map<Key, @Nullable Put> found = new HashMap<>(keys.size() * 2);
    Map<Key, Entry> missed = new LinkedHashMap<>();
    Map<Key, Entry> written = new LinkedHashMap<>();
    for (Key key : keys) {
      if (found.containsKey(key) || missed.containsKey(key) || written.containsKey(key)) {
        continue;
      }
      Entry entry = cache.find(key);
      if (cache.isFresh(entry, layout, now)) {
        found.put(key, entry.row());
      } else {
        (entry.needsStrongRead() ? written : missed).put(key, entry);
      }
    }
    metrics.count("read-cache.hit", found.size());
    metrics.count("read-cache.miss", missed.size() + written.size());
    if (missed.isEmpty() && written.isEmpty()) {
      return CompletableFuture.completedFuture(answer(keys, found, requested));
    }
    return readMissed(missed, written, now, found, deadline)
        .thenCompose(ignored -> readWritten(written, now, found, deadline))
        .thenApply(ignored -> answer(keys, found, requested))
        .exceptionallyCompose(
            failure -> {
              StoreException known = StoreException.find(failure);
              // The corrupt column may be one that the caller did not request.
              return known != null && known.kind() == StoreException.Kind.CORRUPT
                  ? strong.get(keys, requested, deadline)
                  : CompletableFuture.failedFuture(failure);
            });
  }

  private CompletableFuture<@Nullable Void> readMissed(
      Map<Key, Entry> missed,
      Map<Key, Entry> written,
      long now,
      Map<Key, @Nullable Put> found,
      Deadline deadline) {
    if (missed.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    List<Key> keys = List.copyOf(missed.keySet());
    return eventual
        .get(keys, all, deadline)
        .thenApply(
            rows -> {
              for (int i = 0; i < keys.size(); i++) {
                Key key = keys.get(i);
                Entry seen = entryOf(missed, key);
                Put row = rows.get(i);
                if (seen.mayBeBehind(row)) {
                  written.put(key, seen);
                } else {
                  take(key, seen, row, now, found);
                }
              }
              return null;
            });
  }

  private CompletableFuture<@Nullable Void> readWritten(
      Map<Key, Entry> written, long now, Map<Key, @Nullable Put> found, Deadline deadline) {
    if (written.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    List<Key> keys = List.copyOf(written.keySet());
    return strong
        .get(keys, all, deadline)
        .thenApply(
            rows -> {
              for (int i = 0; i < keys.size(); i++) {
                take(keys.get(i), entryOf(written, keys.get(i)), rows.get(i), now, found);
              }
              return null;
            });
  }

  private void take(
      Key key, Entry seen, @Nullable Put row, long now, Map<Key, @Nullable Put> found) {
    found.put(key, row);
    cache.fill(key, seen, row, now, layout);
  }

  private static Entry entryOf(Map<Key, Entry> entries, Key key) {
    Entry entry = entries.get(key);
    if (entry == null) {
      throw new IllegalStateException("No entry of " + key);
    }
    return entry;
  }

  /** Returns the row of each key. An expired row is absent even if its entry is young (R8). */
  private List<@Nullable Put> answer(
      List<Key> keys, Map<Key, @Nullable Put> found, Projection requested) {
    long now = clock.millis();
    boolean whole = requested.isAll(columns);
    List<@Nullable Put> answer = new ArrayList<>(keys.size());
    for (Key key : keys) {
      Put row = found.get(key);
      if (row == null || row.isExpiredAt(now)) {
        answer.add(null);
      } else {
        answer.add(
            whole
                ? row
                : new Put(key, row.row().project(requested), row.version(), row.expiresAtMillis()));
      }
    }
    return answer;
  }
}
