// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Put;
import io.dimstore.spi.Versions;
import org.jspecify.annotations.Nullable;

/**
 * Decides what has to be written to the target so that it shows what HBase shows.
 *
 * <p>The first write of a row has its version in HBase: the newest timestamp that HBase shows, or
 * one above the newest delete marker in the log. This is the version with which every other writer
 * of the migration writes the row, so the guard of the target orders them. The version in HBase can
 * fall: someone deletes the newest cell of a row, or a compaction drops a delete marker and an
 * older put shows again. The target then holds a higher version, and its guard would refuse the
 * row. So the row is written one version above the stored one.
 */
final class NextChange {

  /** After this many writes that did not become visible, versions rise to the time of the log. */
  private static final int SMALL_STEPS = 5;

  private NextChange() {}

  /** Returns the first write of a row whose state in the target is not known; null for none. */
  static @Nullable Change first(ChangedRow row, CurrentRow current) {
    long version = natural(row, current);
    if (current instanceof CurrentRow.Present present) {
      return put(present, version);
    }
    // Without a trace of a deletion there is no version for a tombstone: the target is read first.
    return version > 0 ? new Delete(row.key(), version) : null;
  }

  /**
   * Returns the next write of a row, or null if the target shows what HBase shows.
   *
   * @param stored what the target stores, read before {@code current} was
   * @param writes how many writes of this row have succeeded
   * @param raises whether a row may be written above its version in HBase
   */
  static @Nullable Change next(
      ChangedRow row,
      CurrentRow current,
      @Nullable Change stored,
      int writes,
      long now,
      boolean raises) {
    long version = natural(row, current);
    boolean newer = stored != null && stored.version() >= version;
    if (current instanceof CurrentRow.Present present) {
      if (newer && isSame(present.put(), stored)) {
        return null;
      }
      if (newer) {
        return raises ? put(present, above(stored)) : null;
      }
      if (stored == null && writes > 0) {
        return raises ? put(present, raised(version, row.writtenAt(), writes)) : null;
      }
      return put(present, version);
    }
    boolean shown = stored instanceof Put put && !put.isExpiredAt(now);
    if (shown && newer) {
      return raises ? new Delete(row.key(), above(stored)) : null;
    }
    if (shown) {
      return new Delete(row.key(), version);
    }
    boolean remembered = newer || writes > 0 || version <= 0;
    return remembered ? null : new Delete(row.key(), version);
  }

  /** Returns the version of the row's state in HBase; 0 or less if HBase knows none. */
  private static long natural(ChangedRow row, CurrentRow current) {
    long version =
        current instanceof CurrentRow.Present present
            ? present.put().version()
            : current instanceof CurrentRow.Absent absent ? absent.version() : 0;
    return Math.max(version, row.floor());
  }

  private static boolean isSame(Put current, @Nullable Change stored) {
    return stored instanceof Put put
        && put.expiresAtMillis() == current.expiresAtMillis()
        && put.row().equals(current.row());
  }

  private static Put put(CurrentRow.Present present, long version) {
    Put put = present.put();
    return version == put.version()
        ? put
        : new Put(put.key(), put.row(), version, put.expiresAtMillis());
  }

  private static long above(@Nullable Change stored) {
    return stored == null ? 0 : Math.min(Versions.MAX, stored.version() + 1);
  }

  /**
   * Returns the version after writes that a tombstone of unknown version superseded. The steps
   * double. The tombstone of a delete without an explicit timestamp is at most as new as the log,
   * so the search soon continues from there.
   */
  private static long raised(long version, long writtenAt, int writes) {
    long from = writes > SMALL_STEPS ? Math.max(version, writtenAt) : version;
    long step = writes > 62 ? Versions.MAX : 1L << (writes - 1);
    return from > Versions.MAX - step ? Versions.MAX : from + step;
  }
}
