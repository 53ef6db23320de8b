// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.cache;

import io.dimstore.spi.Change;
import io.dimstore.spi.Put;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What is known about a key: a row, or that there is none. Immutable. */
public final class CacheEntry {

  /** How an entry is known. */
  private enum Kind {
    /** A row. */
    ROW,
    /** The key was deleted; the version is that of the delete. */
    DELETED,
    /** A read found no row; the version is the newest that was seen before. */
    ABSENT,
    /** The key has changed to something unknown, and the next lookup reads it. */
    VOID
  }

  /** The version if none is known, as for a key that was never seen with a row. */
  static final long NONE = -1;

  /**
   * For how long a version keeps reads of older versions out. It is longer than any replica lags,
   * and shorter than a store remembers a delete: a key may begin with low versions again after its
   * tombstone is purged, or after the table is restored from a backup.
   */
  private static final long VERSION_HOLDS_NANOS = TimeUnit.HOURS.toNanos(1);

  /** The ages of entries are divided into this many parts, of which jitter takes up to a tenth. */
  private static final int PARTS = 1_000;

  private final Kind kind;
  private final @Nullable Put row;
  private final long version;
  private final long asOfNanos;
  private final int jitter;

  private CacheEntry(Kind kind, @Nullable Put row, long version, long asOfNanos, int jitter) {
    this.kind = kind;
    this.row = row;
    this.version = version;
    this.asOfNanos = asOfNanos;
    this.jitter = jitter;
  }

  private static CacheEntry of(Kind kind, @Nullable Put row, long version, long asOfNanos) {
    return new CacheEntry(kind, row, version, asOfNanos, jitter(row, asOfNanos));
  }

  /**
   * Returns the jitter of an entry. Reads of single keys begin at different times, and the rows of
   * a page have different keys. It is no random number, so that a run of a test can be repeated.
   */
  private static int jitter(@Nullable Put row, long asOfNanos) {
    // The multiplier of Fibonacci hashing: the upper bits depend on all bits of the sum.
    long mixed = (asOfNanos + (row == null ? 0 : row.key().hashCode())) * 0x9E3779B97F4A7C15L;
    return (int) ((mixed >>> 33) % (PARTS / 10 + 1));
  }

  static CacheEntry of(Put row, long asOfNanos) {
    return of(Kind.ROW, row, row.version(), asOfNanos);
  }

  /**
   * Returns the row, or null if it is absent. Of a void entry, it is the last row that was seen.
   */
  public @Nullable Put row() {
    return row;
  }

  /** Returns whether the entry says that there is no row. */
  boolean isAbsence() {
    return kind == Kind.ABSENT || kind == Kind.DELETED;
  }

  /** Returns whether the key has changed since the entry was true. */
  boolean isVoid() {
    return kind == Kind.VOID;
  }

  /** Returns the newest version that is known of the key, or {@link #NONE}. */
  long version() {
    return version;
  }

  /** Returns the monotonic time as of which the entry is known without the change feed. */
  long asOfNanos() {
    return asOfNanos;
  }

  /** Returns an age shortened by this entry's jitter, so that entries do not end together. */
  long jittered(long ageNanos) {
    return ageNanos - ageNanos / PARTS * jitter;
  }

  /** Creates an entry after a read of a key of which nothing is known. */
  static CacheEntry ofRead(@Nullable Put read, long beganNanos) {
    return read == null ? of(Kind.ABSENT, null, NONE, beganNanos) : of(read, beganNanos);
  }

  /**
   * Returns the entry after a read that saw the table later than this entry.
   *
   * @param read the row that was read, or null if it was absent
   * @param beganNanos when the read began
   */
  CacheEntry afterRead(@Nullable Put read, long beganNanos) {
    if (read == null) {
      return of(Kind.ABSENT, null, version, beganNanos);
    }
    boolean replaces = read.version() >= version || beganNanos - asOfNanos > VERSION_HOLDS_NANOS;
    return replaces ? of(read, beganNanos) : this;
  }

  /**
   * Returns the entry after a read that may have seen the table earlier or later than this entry.
   * Unless the versions decide, the next lookup has to read the key again.
   *
   * @param read the row that was read, or null if it was absent
   * @param nowNanos the time at which the read ended
   */
  CacheEntry afterOvertakenRead(@Nullable Put read, long nowNanos) {
    if (read == null) {
      return of(Kind.VOID, row, version, nowNanos);
    }
    if (kind == Kind.ROW) {
      return read.version() > version ? of(read, asOfNanos) : this;
    }
    if (kind != Kind.VOID && read.version() < version) {
      return this;
    }
    Put newest = row == null || read.version() > row.version() ? read : row;
    return of(Kind.VOID, newest, Math.max(version, read.version()), nowNanos);
  }

  /**
   * Creates an entry of a key that has changed to something unknown, so that the next lookup reads
   * it.
   *
   * @param version the newest version that is known, or {@link #NONE}
   */
  static CacheEntry ofUnknown(long version, long asOfNanos) {
    return of(Kind.VOID, null, version, asOfNanos);
  }

  /**
   * Returns the entry after a change that the feed reported. The result is as old as this entry:
   * only the progress of the feed makes it younger.
   *
   * @param isLater whether the change is known to be later than this entry. If it is not, a feed
   *     may be reporting it again
   */
  CacheEntry after(Change change, boolean isLater) {
    if (change.version() < version || change.equals(row)) {
      return this;
    }
    boolean newer = change.version() > version && (kind == Kind.ROW || kind == Kind.DELETED);
    if (!isLater && !newer) {
      return of(Kind.VOID, row, change.version(), asOfNanos);
    }
    return change instanceof Put put
        ? of(put, asOfNanos)
        : of(Kind.DELETED, null, change.version(), asOfNanos);
  }

  /** Returns what a read that led to this entry answers: the newer one of both rows. */
  @Nullable Put answer(@Nullable Put read) {
    return kind == Kind.VOID && row == null ? read : row;
  }
}
