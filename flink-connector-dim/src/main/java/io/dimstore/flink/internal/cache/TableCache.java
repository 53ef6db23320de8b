// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.cache;

import io.dimstore.flink.internal.metrics.TableCounters;
import io.dimstore.spi.Change;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Caches the rows of one table for all lookups of a process. These rules hold:
 *
 * <ul>
 *   <li>An answer was true at some time that is at most {@code max-age} before the lookup began.
 *       The age counts from when the read began that brought the entry, or from the time up to
 *       which the change feed was followed without a gap since that read.
 *   <li>No lookup is answered with an older state of a key than a lookup that ended before it
 *       began, if the reads of the store are strongly consistent. If they are not, versions do not
 *       go back while the key is cached, and its newest version was confirmed within an hour.
 *   <li>A row that has expired answers no lookup from the millisecond of its expiry on.
 *   <li>Lookups of a key wait for the read that is in flight, unless it began too long ago for
 *       them, or a change of the key was reported since.
 * </ul>
 *
 * <p>A lookup that an entry answers takes no lock and allocates nothing. Thread-safe.
 */
public final class TableCache implements AutoCloseable {

  /** Reads a row of the table from the store. */
  public interface Source {

    /** Reads a row, and repeats the read while its failure may be temporary. */
    CompletableFuture<@Nullable Put> read(Key key);

    /** Reads a row once. */
    CompletableFuture<@Nullable Put> readOnce(Key key);
  }

  private final CacheSettings settings;
  private final Source source;
  private final CacheClock clock;
  private final TableCounters counters;
  private final long maxAgeNanos;
  private final long absentMaxAgeNanos;
  private final long maxAgeOnErrorNanos;
  private final long followedMaxAgeNanos;
  private final long joinNanos;
  private final CacheMap map;
  private final FeedProgress progress = new FeedProgress();
  private final AtomicBoolean closed = new AtomicBoolean();

  public TableCache(
      CacheSettings settings, Source source, CacheClock clock, TableCounters counters) {
    this.settings = settings;
    this.source = source;
    this.clock = clock;
    this.counters = counters;
    this.maxAgeNanos = settings.maxAge().toNanos();
    this.absentMaxAgeNanos = Math.min(maxAgeNanos, settings.absentMaxAge().toNanos());
    this.maxAgeOnErrorNanos = settings.maxAgeOnError().toNanos();
    this.followedMaxAgeNanos = settings.following().maxAge().toNanos();
    this.joinNanos = Math.min(maxAgeNanos, absentMaxAgeNanos);
    this.map = new CacheMap(settings.maxBytes(), new Sizes());
  }

  /** Passes the size of the cache to the counters. */
  private final class Sizes implements CacheMap.Listener {
    @Override
    public void resized(long bytes, long entries) {
      counters.cacheResized(bytes, entries);
    }

    @Override
    public void evicted(CacheEntry entry) {
      counters.cacheEvicted();
    }
  }

  CacheSettings settings() {
    return settings;
  }

  FeedProgress progress() {
    return progress;
  }

  CacheClock clock() {
    return clock;
  }

  /**
   * Returns the entry that answers a lookup, or null if the store has to be asked.
   *
   * @param beganNanos when the lookup began, by {@link System#nanoTime}
   */
  public @Nullable CacheEntry find(Key key, long beganNanos, CacheMeter meter) {
    // Before the entry: every change up to here is in the entries that are read from now on.
    FeedProgress.Reach reach = progress.reach();
    CacheSlot slot = map.get(key);
    CacheEntry entry = slot == null ? null : slot.entry;
    if (slot == null || entry == null || !isUsable(entry)) {
      meter.miss();
      return null;
    }
    long age = beganNanos - reach.asOf(entry.asOfNanos());
    if (age >= entry.jittered(entry.row() == null ? absentMaxAgeNanos : maxAgeNanos)
        || beganNanos - entry.asOfNanos() >= entry.jittered(followedMaxAgeNanos)) {
      meter.miss();
      return null;
    }
    if (!slot.used) {
      slot.used = true;
    }
    meter.hit(entry.row() == null, Math.max(0, age));
    return entry;
  }

  /**
   * Returns whether an entry may answer lookups. After a row has expired, the key is read again:
   * the row may have been written again before it expired.
   */
  private boolean isUsable(CacheEntry entry) {
    return !entry.isVoid() && !isExpired(entry.row());
  }

  /**
   * Reads a row for a lookup that no entry could answer.
   *
   * @param beganNanos when the lookup began
   * @return the row, or null if there is none. A failure is that of the source
   */
  public CompletableFuture<@Nullable Put> load(Key key, long beganNanos) {
    while (true) {
      CacheSlot slot = map.getOrAdd(key);
      CacheSlot.Load load;
      synchronized (slot) {
        if (slot.removed) {
          continue;
        }
        CacheSlot.Load pending = slot.load;
        if (pending != null && !pending.overtaken && beganNanos - pending.beganNanos < joinNanos) {
          counters.coalesced();
          return pending.answer;
        }
        // The slot is in the map: a change that is reported from now on marks the load.
        load = new CacheSlot.Load(clock.nanoTime());
        slot.load = load;
        slot.reads++;
      }
      begin(slot, load);
      return load.answer;
    }
  }

  private void begin(CacheSlot slot, CacheSlot.Load load) {
    boolean mayUseStale = maxAgeOnErrorNanos > 0 && slot.entry != null;
    read(mayUseStale ? source::readOnce : source::read, slot.key)
        .whenComplete(
            (row, failure) -> {
              if (failure == null) {
                end(slot, load, row);
              } else if (!mayUseStale || !endStale(slot, load, failure)) {
                fail(slot, load, failure, mayUseStale);
              }
            });
  }

  private static CompletableFuture<@Nullable Put> read(
      Function<Key, CompletableFuture<@Nullable Put>> read, Key key) {
    try {
      return read.apply(key);
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void end(CacheSlot slot, CacheSlot.Load load, @Nullable Put read) {
    Put row = read == null ? null : withKeyOf(slot, read);
    Put answer;
    synchronized (slot) {
      CacheEntry known = slot.entry;
      CacheEntry entry;
      boolean mine = slot.load == load;
      slot.reads--;
      if (mine) {
        slot.load = null;
      } else if (slot.load != null) {
        slot.load.overtaken = true;
      }
      // Changes do not mark a read that a later one replaced: it counts as overtaken.
      if (mine && !load.overtaken) {
        entry =
            known == null
                ? CacheEntry.ofRead(row, load.beganNanos)
                : known.afterRead(row, load.beganNanos);
        answer = entry.answer(row);
      } else {
        // An entry may have been evicted since. All lookups that wait began before.
        entry = known == null ? null : known.afterOvertakenRead(row, clock.nanoTime());
        answer = row;
      }
      slot.entry = entry == null || closed.get() || isUseless(entry) ? null : entry;
      map.removeIfEmpty(slot);
    }
    map.changed(slot);
    if (isExpired(answer)) {
      // Some of the lookups may have begun after the expiry.
      load(slot.key, clock.nanoTime())
          .whenComplete(
              (again, failure) -> {
                if (failure == null) {
                  load.answer.complete(again);
                } else {
                  load.answer.completeExceptionally(failure);
                }
              });
    } else {
      load.answer.complete(answer);
    }
  }

  /** Returns whether an entry answers no lookup and keeps no older version out. */
  private boolean isUseless(CacheEntry entry) {
    return entry.row() == null && absentMaxAgeNanos <= 0 && entry.version() == CacheEntry.NONE;
  }

  /** Answers with an old entry after a failure of the store; returns false if that is too old. */
  private boolean endStale(CacheSlot slot, CacheSlot.Load load, Throwable failure) {
    StoreException known = StoreException.find(failure);
    FeedProgress.Reach reach = progress.reach();
    CacheEntry entry;
    synchronized (slot) {
      entry = slot.entry;
      if (known == null
          || !known.kind().isRetryable()
          || entry == null
          || !isUsable(entry)
          || clock.nanoTime() - reach.asOf(entry.asOfNanos()) >= maxAgeOnErrorNanos) {
        return false;
      }
      slot.reads--;
      if (slot.load == load) {
        slot.load = null;
      }
    }
    counters.cacheAnsweredStale();
    load.answer.complete(entry.row());
    return true;
  }

  private void fail(CacheSlot slot, CacheSlot.Load load, Throwable failure, boolean repeats) {
    StoreException known = StoreException.find(failure);
    if (repeats && known != null && known.kind().isRetryable()) {
      read(source::read, slot.key)
          .whenComplete(
              (row, again) -> {
                if (again == null) {
                  end(slot, load, row);
                } else {
                  fail(slot, load, again, false);
                }
              });
      return;
    }
    synchronized (slot) {
      slot.reads--;
      if (slot.load == load) {
        slot.load = null;
      }
      map.removeIfEmpty(slot);
    }
    load.answer.completeExceptionally(failure);
  }

  /**
   * Applies a change that the feed reported.
   *
   * @param isAfter returns whether the change was certainly applied after a monotonic time
   */
  void apply(Change change, LongPredicate isAfter) {
    CacheSlot slot = map.get(change.key());
    if (slot == null || closed.get()) {
      return;
    }
    synchronized (slot) {
      CacheEntry known = slot.entry;
      if (slot.load != null) {
        slot.load.overtaken = true;
      }
      Change held = change instanceof Put put ? withKeyOf(slot, put) : change;
      if (known != null) {
        slot.entry = known.after(held, isAfter.test(known.asOfNanos()));
      } else if (slot.load != null) {
        slot.entry = CacheEntry.duringRead(held, slot.load.beganNanos);
      }
    }
    map.changed(slot);
  }

  /** Forgets a key that has changed to something that cannot be decoded. */
  void forget(Key key) {
    CacheSlot slot = map.get(key);
    if (slot == null) {
      return;
    }
    synchronized (slot) {
      if (slot.load != null) {
        slot.load.overtaken = true;
      }
    }
    map.remove(slot);
  }

  /** Counts an interruption of following, since which entries end by their own age. */
  void gap() {
    progress.end();
    counters.cacheGap();
  }

  /** Returns the row with the key that the slot has, so that the cache keeps each key once. */
  @SuppressWarnings("ReferenceEquality") // Whether it is this very object.
  private static Put withKeyOf(CacheSlot slot, Put row) {
    return row.key() == slot.key
        ? row
        : new Put(slot.key, row.row(), row.version(), row.expiresAtMillis());
  }

  private boolean isExpired(@Nullable Put row) {
    return row != null
        && row.expiresAtMillis() != Put.NEVER
        && row.isExpiredAt(clock.currentTimeMillis());
  }

  /** Removes all entries. Lookups that wait are answered by their reads. Idempotent. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      progress.end();
      map.clear();
    }
  }
}
