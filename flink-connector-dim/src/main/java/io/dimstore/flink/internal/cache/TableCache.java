// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.cache;

import io.dimstore.flink.internal.metrics.TableCounters;
import io.dimstore.spi.Change;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.UnreadableRow;
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

  private static final int NO_SCAN = 0;

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

  /**
   * The entry of all keys that have none, if the cache has the whole table. Null as soon as an
   * entry that is not an absence is evicted.
   */
  private volatile @Nullable CacheEntry absentAll;

  /** Whether nothing but absences was evicted since a scan of the table began. */
  private volatile boolean fits;

  /**
   * The number of the scan that is under way, or {@link #NO_SCAN}. During a scan every read that
   * ends and every change leave an entry, also one that answers no lookup: a page may be older than
   * what they have seen.
   */
  private volatile int scan = NO_SCAN;

  /** Guarded by this. */
  private int scans;

  /** When an entry was evicted last. A page that was requested before may be older than it. */
  private volatile long evictedNanos;

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
    this.evictedNanos = clock.nanoTime() - 1;
  }

  /** Passes the size of the cache to the counters. */
  private final class Sizes implements CacheMap.Listener {
    @Override
    public void resized(long bytes, long entries) {
      counters.cacheResized(bytes, entries);
    }

    @Override
    public void evicts(CacheEntry entry) {
      if (!entry.isAbsence()) {
        // Before the entry leaves. A scan that ends at the same time sees one or the other.
        synchronized (TableCache.this) {
          fits = false;
          absentAll = null;
        }
      }
      evictedNanos = clock.nanoTime();
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
    return find(key, beganNanos, Long.MAX_VALUE, meter);
  }

  /**
   * Returns the entry that answers a lookup, or null if the store has to be asked.
   *
   * @param beganNanos when the lookup began, by {@link System#nanoTime}
   * @param withinNanos the age from which on an entry does not answer this lookup, whatever its
   *     {@code max-age} is
   */
  public @Nullable CacheEntry find(Key key, long beganNanos, long withinNanos, CacheMeter meter) {
    // Before the entry: every change up to here is in the entries that are read from now on.
    FeedProgress.Reach reach = progress.reach();
    CacheEntry all = absentAll;
    CacheSlot slot = map.get(key);
    CacheEntry held = slot == null ? null : slot.entry;
    // If it is no longer the same, the entry may have been evicted, and come back since.
    CacheEntry entry = held != null ? held : sameOrNull(all, absentAll);
    if (entry == null || !isUsable(entry)) {
      meter.miss();
      return null;
    }
    long age = beganNanos - reach.asOf(entry.asOfNanos());
    if (age >= withinNanos
        || age >= entry.jittered(entry.row() == null ? absentMaxAgeNanos : maxAgeNanos)
        || beganNanos - entry.asOfNanos() >= entry.jittered(followedMaxAgeNanos)) {
      meter.miss();
      return null;
    }
    if (slot != null && !slot.used) {
      slot.used = true;
    }
    meter.hit(entry.row() == null, Math.max(0, age));
    return entry;
  }

  @SuppressWarnings("ReferenceEquality") // Whether it is this very object.
  private static @Nullable CacheEntry sameOrNull(
      @Nullable CacheEntry one, @Nullable CacheEntry other) {
    return one == other ? one : null;
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
    return load(key, beganNanos, Long.MAX_VALUE);
  }

  /**
   * Reads a row for a lookup that no entry could answer.
   *
   * @param beganNanos when the lookup began
   * @param withinNanos the age from which on a read in flight does not answer this lookup
   * @return the row, or null if there is none. A failure is that of the source
   */
  public CompletableFuture<@Nullable Put> load(Key key, long beganNanos, long withinNanos) {
    while (true) {
      CacheSlot slot = map.getOrAdd(key);
      CacheSlot.Load load;
      synchronized (slot) {
        if (slot.removed) {
          continue;
        }
        CacheSlot.Load pending = slot.load;
        if (pending != null
            && !pending.overtaken
            && beganNanos - pending.beganNanos < Math.min(withinNanos, joinNanos)) {
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
    boolean mayUseStale = maxAgeOnErrorNanos > 0 && (slot.entry != null || absentAll != null);
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
        CacheEntry base = known == null ? absentAll : known;
        if (base != null) {
          entry = base.afterOvertakenRead(row, clock.nanoTime());
        } else {
          entry = isScanning() ? unknown(row) : null;
        }
        answer = row;
      }
      slot.entry = entry == null || closed.get() || isUseless(entry) ? null : entry;
      slot.setNanos = clock.nanoTime();
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
    return !isScanning()
        && absentAll == null
        && entry.row() == null
        && absentMaxAgeNanos <= 0
        && entry.version() == CacheEntry.NONE;
  }

  /** Creates an entry of a key whose next lookup has to read it. */
  private CacheEntry unknown(@Nullable Put seen) {
    return CacheEntry.ofUnknown(seen == null ? CacheEntry.NONE : seen.version(), clock.nanoTime());
  }

  /** Answers with an old entry after a failure of the store; returns false if that is too old. */
  private boolean endStale(CacheSlot slot, CacheSlot.Load load, Throwable failure) {
    StoreException known = StoreException.find(failure);
    FeedProgress.Reach reach = progress.reach();
    CacheEntry entry;
    synchronized (slot) {
      entry = slot.entry == null ? absentAll : slot.entry;
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
      map.removeIfEmpty(slot);
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
    while (true) {
      // In this order: a scan that ends sets the common absence first.
      boolean scans = isScanning();
      CacheEntry all = absentAll;
      boolean adds = scans || (all != null && change instanceof Put);
      CacheSlot slot = adds ? map.getOrAdd(change.key()) : map.get(change.key());
      if (slot == null || closed.get()) {
        return;
      }
      synchronized (slot) {
        if (slot.removed) {
          continue;
        }
        if (slot.load != null) {
          slot.load.overtaken = true;
        }
        CacheEntry known = slot.entry == null ? all : slot.entry;
        Change held = change instanceof Put put ? withKeyOf(slot, put) : change;
        slot.setNanos = clock.nanoTime();
        if (slot.entry == null && known != null) {
          // A younger entry may have been evicted since the common absence was known.
          slot.entry = known.after(held, isAfter.test(later(known.asOfNanos(), evictedNanos)));
        } else if (known != null) {
          slot.entry = known.after(held, isAfter.test(known.asOfNanos()));
        } else if (slot.load != null) {
          slot.entry = CacheEntry.ofUnknown(change.version(), slot.load.beganNanos);
        } else if (adds) {
          slot.entry = CacheEntry.ofUnknown(change.version(), clock.nanoTime());
        }
      }
      map.changed(slot);
      return;
    }
  }

  private static long later(long one, long other) {
    return one - other >= 0 ? one : other;
  }

  /** Forgets a key that has changed to something that cannot be decoded. */
  void forget(Key key) {
    if (isScanning() || absentAll != null || map.get(key) != null) {
      put(key);
    }
  }

  /** Makes the next lookup of a key read it. */
  private void put(Key key) {
    while (!closed.get()) {
      CacheSlot slot = map.getOrAdd(key);
      synchronized (slot) {
        if (slot.removed) {
          continue;
        }
        if (slot.load != null) {
          slot.load.overtaken = true;
        }
        slot.entry = unknown(null);
        slot.setNanos = clock.nanoTime();
      }
      map.changed(slot);
      return;
    }
  }

  private boolean isScanning() {
    return scan != NO_SCAN;
  }

  /** Begins a scan of the whole table, and returns its number. The scan before counts no more. */
  synchronized int scanBegins() {
    int number = ++scans;
    scan = number;
    fits = true;
    return number;
  }

  /**
   * Adds the rows of a page of a scan of the whole table.
   *
   * @param number the number of the scan
   * @param beganNanos when the page was requested, after {@link #scanBegins}
   * @return false if the scan is of no more use: another one has begun since, or the rows do not
   *     fit
   * @throws StoreException CLOSED if the cache is closed, so that the scan ends
   */
  boolean add(int number, ScanPage page, long beganNanos) {
    if (closed.get()) {
      throw new StoreException(StoreException.Kind.CLOSED, "The cache was closed");
    }
    for (Change change : page.changes()) {
      if (scan != number || !fits) {
        return false;
      }
      if (change instanceof Put put) {
        add(put, beganNanos);
      }
    }
    for (UnreadableRow row : page.unreadable()) {
      Key key = row.key();
      if (key != null) {
        // It is not absent: the read of a lookup fails and says why.
        put(key);
      }
    }
    return scan == number && fits;
  }

  private void add(Put read, long beganNanos) {
    while (!closed.get()) {
      CacheSlot slot = map.getOrAdd(read.key());
      synchronized (slot) {
        if (slot.removed) {
          continue;
        }
        if (slot.load != null) {
          slot.load.overtaken = true;
        }
        slot.entry = scanned(slot, withKeyOf(slot, read), beganNanos);
      }
      map.changed(slot);
      return;
    }
  }

  /** Returns the entry after a page of a scan: a read that may be older than what is known. */
  private CacheEntry scanned(CacheSlot slot, Put row, long beganNanos) {
    CacheEntry known = slot.entry;
    if (known == null) {
      slot.setNanos = beganNanos;
      return beganNanos - evictedNanos > 0 ? CacheEntry.ofRead(row, beganNanos) : unknown(row);
    }
    boolean isLater = beganNanos - slot.setNanos > 0 && beganNanos - known.asOfNanos() > 0;
    return isLater
        ? known.afterRead(row, beganNanos)
        : known.afterOvertakenRead(row, clock.nanoTime());
  }

  /**
   * Notes that a scan has ended, unless another one has begun since.
   *
   * @param number the number of the scan
   * @param sinceNanos a time before the scan, from which on the change feed is followed
   * @return false if the rows do not fit, so that keys without an entry are read from the store
   */
  boolean scanEnded(int number, long sinceNanos) {
    synchronized (this) {
      if (scan != number) {
        return true;
      }
      if (fits && !closed.get()) {
        absentAll = CacheEntry.ofRead(null, sinceNanos);
      }
      // Afterwards: a change that finds no scan finds the common absence.
      scan = NO_SCAN;
      if (!fits) {
        return false;
      }
    }
    removeNeedless(sinceNanos);
    return true;
  }

  /** Notes that a scan has failed, unless another one has begun since. */
  synchronized void scanFailed(int number) {
    if (scan == number) {
      scan = NO_SCAN;
    }
  }

  /** Removes entries that the common absence replaces: they would displace rows. */
  private void removeNeedless(long sinceNanos) {
    for (CacheSlot slot : map.all()) {
      CacheEntry entry = slot.entry;
      if (entry != null
          && (entry.isAbsence() || isExpired(entry.row()))
          && entry.asOfNanos() - sinceNanos < 0) {
        map.removeUnless(
            slot, now -> slot.reads > 0 || now != entry || slot.setNanos - sinceNanos >= 0);
      }
    }
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
      absentAll = null;
      progress.end();
      map.clear();
    }
  }
}
