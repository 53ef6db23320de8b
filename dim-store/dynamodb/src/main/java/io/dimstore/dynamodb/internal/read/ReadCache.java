// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.read;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.dimstore.spi.Change;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Caches the rows of one table in memory. A young entry answers lookups with a row, or with the
 * absence of one. An old or invalidated entry still has the version that the next read must not
 * fall behind. The size is limited by an estimate of the bytes. Thread-safe.
 */
public final class ReadCache {

  /** The version of an absent row, and the lower limit if no version is known. */
  static final long NONE = -1;

  private final long maxAgeMillis;
  private volatile long ageLimitMillis;
  private final ConcurrentMap<Key, Entry> entries;
  private final LongSupplier bytes;

  /** Creates a cache that evicts entries when their estimated bytes exceed the limit. */
  public static ReadCache bounded(Duration maxAge, long maxBytes) {
    Cache<Key, Entry> entries =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .<Key, Entry>weigher(
                (key, entry) ->
                    (int)
                        Math.min(
                            Integer.MAX_VALUE, HeapEstimate.of(key) + HeapEstimate.of(entry.row())))
            // Without threads: evictions run on the thread that fills the cache.
            .executor(Runnable::run)
            .build();
    return new ReadCache(
        maxAge,
        entries.asMap(),
        () -> {
          entries.cleanUp();
          return entries.policy().eviction().orElseThrow().weightedSize().orElse(0);
        });
  }

  /**
   * Creates a cache on a map, which may lose entries at any time.
   *
   * @param bytes returns an estimate of the bytes of all entries
   */
  ReadCache(Duration maxAge, ConcurrentMap<Key, Entry> entries, LongSupplier bytes) {
    this.maxAgeMillis = maxAge.toMillis();
    this.ageLimitMillis = maxAgeMillis;
    this.entries = entries;
    this.bytes = bytes;
  }

  /**
   * The knowledge about a key. Immutable, and compared by identity: a read detects a concurrent
   * change by the entry being another object.
   */
  static final class Entry {
    private final boolean known;
    private final @Nullable Put row;
    private final long askedAtMillis;
    private final long atLeast;
    private final boolean absent;
    private final boolean changed;
    private final @Nullable Object layout;

    private Entry(
        boolean known,
        @Nullable Put row,
        long askedAtMillis,
        long atLeast,
        boolean absent,
        boolean changed,
        @Nullable Object layout) {
      this.known = known;
      this.row = row;
      this.askedAtMillis = askedAtMillis;
      this.atLeast = atLeast;
      this.absent = absent;
      this.changed = changed;
      this.layout = layout;
    }

    private static Entry unknown(long atLeast, boolean absent, boolean changed) {
      return new Entry(false, null, 0, atLeast, absent, changed, null);
    }

    @Nullable Put row() {
      return row;
    }

    /**
     * Returns whether a row, or null for an absence, may be older than an earlier answer. After an
     * absence this holds for every row, since an absence has no version.
     */
    boolean mayBeBehind(@Nullable Put found) {
      return found == null ? atLeast > NONE : absent || found.version() < atLeast;
    }

    /**
     * Returns whether only a strongly consistent read is sure to be new enough: after a write of
     * this process, an unreadable change, a gap of the change feed, or a concurrent read.
     */
    boolean needsStrongRead() {
      return changed;
    }
  }

  /**
   * Returns the entry of a key. If there is none, adds an empty one, so that a later change can be
   * detected.
   */
  Entry find(Key key) {
    return entries.computeIfAbsent(key, missing -> Entry.unknown(NONE, false, false));
  }

  /**
   * Returns whether the entry answers a read of this layout at this time: it has the same layout
   * and is young.
   */
  boolean isFresh(Entry entry, Object layout, long nowMillis) {
    long age = nowMillis - entry.askedAtMillis;
    return entry.known && age >= 0 && age < ageLimitMillis && layout.equals(entry.layout);
  }

  /**
   * Caches the result of a read, unless the entry has changed since.
   *
   * @param seen the entry when the read began
   * @param row the row, or null if it is absent
   * @param askedAtMillis the time when the read began, which is the earliest time that the row may
   *     be from
   */
  void fill(Key key, Entry seen, @Nullable Put row, long askedAtMillis, Object layout) {
    Entry found =
        new Entry(
            true,
            row,
            askedAtMillis,
            row == null ? NONE : row.version(),
            row == null,
            false,
            layout);
    entries.computeIfPresent(
        key,
        (same, now) -> {
          if (now == seen) {
            return found;
          }
          if (now.known && versionOf(now) == versionOf(found)) {
            return now;
          }
          // There was a concurrent change or read. No later answer may be older than either result,
          // and only a strongly consistent read is sure not to be.
          return Entry.unknown(Math.max(now.atLeast, found.atLeast), false, true);
        });
  }

  private static long versionOf(Entry entry) {
    return entry.row == null ? NONE : entry.row.version();
  }

  /**
   * Runs a write of this process, and invalidates the entries of its keys before it begins and
   * after it ends, whether or not it succeeds.
   */
  public <T> CompletableFuture<T> writing(
      List<Change> changes, Supplier<CompletableFuture<T>> write) {
    changes.forEach(change -> forget(change.key(), change.version()));
    CompletableFuture<T> written;
    try {
      written = write.get();
    } catch (RuntimeException | Error e) {
      written = CompletableFuture.failedFuture(e);
    }
    // A read that began before the write ended may have returned the old row.
    return written.whenComplete(
        (done, failure) -> changes.forEach(change -> forget(change.key(), change.version())));
  }

  private void forget(Key key, long version) {
    entries.compute(
        key,
        (same, now) ->
            Entry.unknown(now == null ? version : Math.max(now.atLeast, version), false, true));
  }

  /**
   * Invalidates the entries that differ from these changes of the change feed. The version does not
   * matter: a row that another tool removed or overwrote does not have a higher version than
   * before.
   */
  void changed(Collection<Change> changes) {
    for (Change change : changes) {
      entries.computeIfPresent(
          change.key(),
          (same, now) ->
              now.known && change.equals(now.row)
                  ? now
                  : Entry.unknown(
                      Math.max(now.atLeast, change.version()), now.absent, now.changed));
    }
  }

  /** Invalidates the entry of a key whose change could not be read. */
  void changedSomehow(Key key) {
    forget(key, NONE);
  }

  /**
   * Invalidates all entries, since any key may have changed. The next read of each known key is
   * strongly consistent: a replica that lags could return the old row.
   */
  void anythingMayHaveChanged() {
    entries.replaceAll((key, now) -> Entry.unknown(now.atLeast, now.absent, true));
  }

  /** Uses entries only up to this age, or up to {@code max-age} if that is less. */
  void limitAge(Duration age) {
    ageLimitMillis = Math.min(maxAgeMillis, age.toMillis());
  }

  /** Uses entries up to {@code max-age} again. */
  void liftAgeLimit() {
    ageLimitMillis = maxAgeMillis;
  }

  /** Returns the estimated bytes of all entries. */
  long bytes() {
    return bytes.getAsLong();
  }
}
