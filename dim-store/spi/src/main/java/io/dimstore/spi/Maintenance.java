// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Implemented by a table that keeps copies of its rows, such as the entries of a cache, beside the
 * system of record, and that can compare and repair these copies. Where they differ, the system of
 * record is right. Safe to use from several processes at once, and concurrently with writers and
 * readers. Failures are {@link StoreException}s.
 *
 * <p>Each rule has clauses. The conformance kit has tests for each clause, whose names begin with
 * its id.
 *
 * <ul>
 *   <li><b>M1</b> {@link #backlog} counts the keys of writes that did not reach every copy, until
 *       {@link #repair} has reconciled them; then readers find what the system of record has.
 *       Repeated calls of {@link #repair} come to an end.
 *       <ul>
 *         <li><b>M1a</b> {@code backlog} counts the keys of writes that did not reach every copy,
 *             and says whether there are more.
 *         <li><b>M1b</b> After {@code repair} readers find what the system of record has.
 *         <li><b>M1c</b> Repeated calls of {@code repair} come to an end, and the backlog is then
 *             empty.
 *         <li><b>M1d</b> A write that reached every copy is not in the backlog.
 *       </ul>
 *   <li><b>M2</b> A check covers every row and every entry. It reports each key whose copy differs
 *       from the system of record, with the kind of difference, and no other key. It changes
 *       nothing unless it is asked to heal; a key reported as healed reads as the system of record
 *       has it. A check never changes the system of record.
 *       <ul>
 *         <li><b>M2a</b> A check covers every row and every entry, and reports no key whose copy
 *             equals the system of record.
 *         <li><b>M2b</b> A check reports each key whose copy differs from the system of record,
 *             with the kind of difference.
 *         <li><b>M2c</b> A check changes nothing unless it is asked to heal; a key reported as
 *             healed reads as the system of record has it.
 *         <li><b>M2d</b> A check never changes the system of record.
 *       </ul>
 *   <li><b>M3</b> A purge removes the tombstones and expired rows whose retention is over, counts
 *       those that it keeps, and removes nothing else. A purged key stays absent.
 *       <ul>
 *         <li><b>M3a</b> A purge removes the tombstones and expired rows whose retention is over.
 *         <li><b>M3b</b> A purge keeps and counts those whose retention has a millisecond left.
 *         <li><b>M3c</b> A purge removes nothing else.
 *         <li><b>M3d</b> A purged key stays absent.
 *       </ul>
 *   <li><b>M4</b> A split of another table or store fails INVALID. A comparison of a table that
 *       does not exist fails NO_TABLE. Every call after close fails CLOSED.
 *       <ul>
 *         <li><b>M4a</b> A split of another table or store fails INVALID.
 *         <li><b>M4b</b> A comparison of a table that does not exist fails NO_TABLE.
 *         <li><b>M4c</b> After {@code close()} every call fails CLOSED.
 *       </ul>
 * </ul>
 */
public interface Maintenance {

  /**
   * Reconciles the copies of keys whose writes reached the system of record but are not known to
   * have reached the copies.
   *
   * @param maxKeys the most keys to examine in this call, at least 1
   * @return what was found; call again while {@link Repair#remaining} is true
   */
  CompletionStage<Repair> repair(int maxKeys);

  /**
   * Counts the keys that {@link #repair} has to examine. Keys of writes in progress count too.
   *
   * @param maxKeys the number of keys at which to stop counting, at least 1
   */
  CompletionStage<Backlog> backlog(int maxKeys);

  /**
   * Divides a comparison of the copies with the system of record into splits. Together they cover
   * every key that either side has. A key may be compared twice if the cache moves its entries
   * meanwhile.
   *
   * @param desired number of splits that the caller prefers; there may be more or fewer
   */
  CompletionStage<List<ScanSplit>> checkSplits(int desired);

  /**
   * Compares the next keys of a split. Before it reports a difference, it reads the system of
   * record, the copy and the writes in progress again; it reports the difference only if none of
   * them has changed, so that it never reports the effect of a concurrent write. A copy that has no
   * entry for a key does not differ, because a lookup of that key reads the system of record.
   *
   * @param split one of {@link #checkSplits}, or the remaining part of one
   * @param maxKeys the most keys to read, at least 1; a page may have fewer, even none before the
   *     end
   * @param heal whether to remove from the copy each entry that differs, unless the entry has
   *     changed meanwhile; the system of record is never changed
   */
  CompletionStage<CheckPage> check(ScanSplit split, int maxKeys, boolean heal);

  /**
   * Removes the next tombstones of a split whose retention is over, and the rows that expired
   * longer ago than the retention, in every copy. It never removes a newer change, even one that is
   * written meanwhile. A change that arrives later with the removed version or an older one may
   * have no effect. A row that cannot be decoded is kept and counted, and the purge continues.
   *
   * @param split one of {@link DimensionTable#splits}, or the remaining part of one
   * @param maxKeys the most keys to read, at least 1
   */
  CompletionStage<PurgePage> purge(ScanSplit split, int maxKeys);

  /**
   * What one call of {@link #purge} did.
   *
   * @param read rows that were read
   * @param purged tombstones and expired rows that were removed
   * @param kept tombstones and expired rows whose retention is not over
   * @param unreadable rows that cannot be decoded and were kept
   * @param remaining the rest of the split, or null at its end
   */
  record PurgePage(int read, int purged, int kept, int unreadable, @Nullable ScanSplit remaining) {

    /** Creates a page on which every row could be decoded. */
    public PurgePage(int read, int purged, int kept, @Nullable ScanSplit remaining) {
      this(read, purged, kept, 0, remaining);
    }
  }

  /**
   * The outcome of one repair call.
   *
   * @param examined keys that had a pending write
   * @param healed keys whose copy differed and was corrected
   * @param remaining whether more keys with pending writes are left for the next call
   */
  record Repair(int examined, int healed, boolean remaining) {}

  /**
   * Writes that are not known to have reached every copy.
   *
   * @param keys the number of keys in these writes; a key in several writes counts once for each
   * @param more whether there are more than were counted
   * @param oldestAge time since the oldest of these writes began, by the wall clock; zero if there
   *     is none
   */
  record Backlog(long keys, boolean more, Duration oldestAge) {}

  /**
   * What one call of {@link #check} found; {@code examined} is the sum of {@code inStep}, {@code
   * notCopied}, {@code changed} and the number of differences.
   *
   * @param read rows and entries that the servers read; rate limits count these
   * @param examined keys that were compared
   * @param inStep keys whose copy equals the system of record
   * @param notCopied keys for which the copy has no entry
   * @param changed keys that were being written each time they were compared
   * @param differences the other keys
   * @param remaining the rest of the split, or null at its end
   */
  record CheckPage(
      int read,
      int examined,
      int inStep,
      int notCopied,
      int changed,
      List<Difference> differences,
      @Nullable ScanSplit remaining) {

    /** Refuses counts that do not add up. */
    public CheckPage {
      differences = List.copyOf(differences);
      if (examined != inStep + notCopied + changed + differences.size()) {
        throw new IllegalArgumentException("The counts do not add up to the examined keys");
      }
    }
  }

  /**
   * A key whose copy differs.
   *
   * @param key the key
   * @param kind how it differs
   * @param healed whether the entry was removed from the copy
   */
  record Difference(Key key, Kind kind, boolean healed) {

    /** How a copy differs from the system of record. */
    public enum Kind {
      /** The copy says that the row is absent, and the system of record has it. */
      MISSING,
      /** The copy has a row or a version that the system of record does not have. */
      EXTRA,
      /** The copy has an older version. */
      STALE,
      /** The copy has the same version with other values. */
      VALUE,
      /** The copy has the same version with another expiry. */
      EXPIRY,
      /** One of the two cannot be decoded. If it is the system of record, it is never healed. */
      UNREADABLE
    }
  }
}
