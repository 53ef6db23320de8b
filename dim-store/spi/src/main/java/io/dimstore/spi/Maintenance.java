package io.dimstore.spi;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Implemented by a table that keeps more than one copy of its rows and can say how far they are in
 * step, and bring them in step. One of them is the truth; what it says stands. Safe to use from
 * several processes at once, and beside writers and readers. Failures are {@link StoreException}s.
 *
 * <p>Each rule has clauses. The conformance kit has tests for each clause, whose names begin with
 * its id.
 *
 * <ul>
 *   <li><b>M1</b> What a write could not tell a copy is counted by {@link #backlog} until {@link
 *       #repair} has settled it; then readers find what the truth has. Called again and again, a
 *       repair comes to an end.
 *       <ul>
 *         <li><b>M1a</b> What a write could not tell a copy is counted by {@code backlog}, which
 *             says whether there is more.
 *         <li><b>M1b</b> After {@code repair} readers find what the truth has.
 *         <li><b>M1c</b> Called again and again, a repair comes to an end, and the backlog with it.
 *         <li><b>M1d</b> A write that reached every copy is not owed.
 *       </ul>
 *   <li><b>M2</b> A check leads past every row and every entry, reports each key whose copy says
 *       something else than the truth, as what it is, and no other. It changes nothing unless asked
 *       to; what it says to have healed is read as the truth has it. The truth is never touched.
 *       <ul>
 *         <li><b>M2a</b> A check leads past every row and every entry and reports none that is in
 *             step.
 *         <li><b>M2b</b> A check reports each key whose copy says something else than the truth, as
 *             what it is.
 *         <li><b>M2c</b> A check changes nothing unless asked to; what it reports as healed is read
 *             as the truth has it.
 *         <li><b>M2d</b> The truth is never touched by a check.
 *       </ul>
 *   <li><b>M3</b> A purge forgets the tombstones and expired rows whose retention is over, counts
 *       those that it keeps, and takes nothing else away. What was forgotten stays absent.
 *       <ul>
 *         <li><b>M3a</b> A purge forgets the tombstones and expired rows whose retention is over.
 *         <li><b>M3b</b> A purge keeps and counts those whose retention has a millisecond left.
 *         <li><b>M3c</b> A purge takes nothing else away.
 *         <li><b>M3d</b> What was forgotten stays absent.
 *       </ul>
 *   <li><b>M4</b> What cannot be done is an error: a split of another table or store fails INVALID,
 *       a comparison of a table that is not there NO_TABLE, everything after close CLOSED.
 *       <ul>
 *         <li><b>M4a</b> A split of another table or store fails INVALID.
 *         <li><b>M4b</b> A comparison of a table that is not there fails NO_TABLE.
 *         <li><b>M4c</b> After {@code close()} everything fails CLOSED.
 *       </ul>
 * </ul>
 */
public interface Maintenance {

  /**
   * Settles writes that reached one copy but are not known to have reached the other.
   *
   * @param maxKeys how many keys to look at in this call, at least 1
   * @return what was found; call again while {@link Repair#remaining} says so
   */
  CompletionStage<Repair> repair(int maxKeys);

  /**
   * Counts what {@link #repair} has before it. Writes that are under way count too.
   *
   * @param maxKeys where to stop counting, at least 1
   */
  CompletionStage<Backlog> backlog(int maxKeys);

  /**
   * Divides a comparison of the copies with the truth: together the splits lead past every key that
   * either has. A key may be met twice where a copy reorganises itself meanwhile.
   *
   * @param desired how many splits are wanted; there may be more or fewer
   */
  CompletionStage<List<ScanSplit>> checkSplits(int desired);

  /**
   * Compares the next keys of a split. A difference is reported after the truth, the copy and the
   * writes under way have been looked at again and have not changed: none that a write beside the
   * check explains. That a copy has nothing for a key is no difference, for it is then answered
   * from the truth.
   *
   * @param split one of {@link #checkSplits}, or what remained of one
   * @param maxKeys how many keys to read, at least 1; a page may have fewer, and none before the
   *     end
   * @param heal whether to take what differs out of the copy, unless it has changed meanwhile; the
   *     truth is never touched
   */
  CompletionStage<CheckPage> check(ScanSplit split, int maxKeys, boolean heal);

  /**
   * Forgets the next tombstones of a split whose retention is over, and expired rows whose expiry
   * is as long ago, in every copy. Never takes away what is newer, whoever writes it meanwhile. A
   * change of a forgotten version or an older one that arrives afterwards may stay without effect.
   * A row that cannot be decoded is left alone and counted; the purge goes on.
   *
   * @param split one of {@link DimensionTable#splits}, or what remained of one
   * @param maxKeys how many keys to read, at least 1
   */
  CompletionStage<PurgePage> purge(ScanSplit split, int maxKeys);

  /**
   * What one call of {@link #purge} did.
   *
   * @param read rows that were read
   * @param purged tombstones and expired rows that were forgotten
   * @param kept those that are remembered still
   * @param unreadable rows that cannot be decoded and stay as they are
   * @param remaining where to go on, or null at the end of the split
   */
  record PurgePage(int read, int purged, int kept, int unreadable, @Nullable ScanSplit remaining) {

    /** A page on which every row could be read. */
    public PurgePage(int read, int purged, int kept, @Nullable ScanSplit remaining) {
      this(read, purged, kept, 0, remaining);
    }
  }

  /**
   * The outcome of one repair call.
   *
   * @param examined keys that were marked as unsettled
   * @param healed keys whose copy differed and was brought in step
   * @param remaining whether more marked keys were left for the next call
   */
  record Repair(int examined, int healed, boolean remaining) {}

  /**
   * Writes that are not known to have reached every copy.
   *
   * @param keys how many keys they have; one in several writes counts for each
   * @param more whether there are more than were counted
   * @param oldestAge how long ago the oldest began, by the wall clock; zero where there is none
   */
  record Backlog(long keys, boolean more, Duration oldestAge) {}

  /**
   * What one call of {@link #check} found; {@code examined} is the sum of the others.
   *
   * @param read rows and entries that the servers had to look at: what a rate limit counts
   * @param examined keys that were compared
   * @param inStep keys of which both say the same
   * @param notCopied keys of which the copy has nothing
   * @param changed keys that were being written whenever they were looked at
   * @param differences the other keys
   * @param remaining where to go on, or null at the end of the split
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
        throw new IllegalArgumentException("counts that do not add up");
      }
    }
  }

  /**
   * A key whose copy differs.
   *
   * @param key the key
   * @param kind how
   * @param healed whether that was taken away
   */
  record Difference(Key key, Kind kind, boolean healed) {

    /** How a copy differs from the truth. */
    public enum Kind {
      /** The copy says that there is no row, and the truth has one. */
      MISSING,
      /** The copy has a row, or a version, that the truth has not. */
      EXTRA,
      /** The copy has an older version. */
      STALE,
      /** The same version has other values. */
      VALUE,
      /** The same version ends at another time. */
      EXPIRY,
      /** One of the two cannot be read. Of the truth, that is never healed. */
      UNREADABLE
    }
  }
}
