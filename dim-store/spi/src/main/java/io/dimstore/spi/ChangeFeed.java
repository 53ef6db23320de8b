package io.dimstore.spi;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Implemented by a table whose changes can be followed: to drop what a cache holds of them, or to
 * keep a copy. The feed is in parts that are read apart from each other, in parallel if wanted; a
 * {@link FeedPosition} is a place in one of them, and a reader keeps as many as there are parts.
 *
 * <p>Each rule has clauses. The conformance kit has tests for each clause, whose names begin with
 * its id.
 *
 * <ul>
 *   <li><b>F1</b> Nothing is lost: whatever is applied after {@link #follow} succeeded is found
 *       from the positions that it gave, at least once. With {@link Start#EARLIEST} that holds of
 *       what was applied before, too, as far back as the store keeps changes. A superseded write
 *       changed nothing and is not found.
 *       <ul>
 *         <li><b>F1a</b> What is applied after {@code follow} succeeded is found from its
 *             positions.
 *         <li><b>F1b</b> From the earliest positions, what was applied before is found too, as far
 *             back as the store keeps changes.
 *         <li><b>F1c</b> A superseded write changed nothing and is not found.
 *       </ul>
 *   <li><b>F2</b> The changes of one key come in the order in which they were applied, also where
 *       the store divides the table anew meanwhile. So the versions of a key never fall, unless
 *       another tool wrote them.
 *       <ul>
 *         <li><b>F2a</b> The changes of one key come in the order in which they were applied.
 *         <li><b>F2b</b> The versions of a key do not fall while many write.
 *       </ul>
 *   <li><b>F3</b> A position is text that can be kept. Polled again, also by another process, it
 *       gives the same changes again, and perhaps more after them.
 *       <ul>
 *         <li><b>F3a</b> A position polled again gives the same changes again.
 *         <li><b>F3b</b> A position is text: another opening goes on from it.
 *         <li><b>F3c</b> A page has at most as many changes as asked for, and the next position
 *             goes on after it.
 *       </ul>
 *   <li><b>F4</b> A change comes equal to what was written: every type, the version, the expiry. A
 *       row is a {@link Put} also where it has expired meanwhile; a removal is a {@link Delete}
 *       with its version, and a row that another tool removed one with the row's version. That a
 *       tombstone or an expired row is cleared away may be told as one more {@link Delete} of the
 *       same version.
 *       <ul>
 *         <li><b>F4a</b> A row comes equal, in every type.
 *         <li><b>F4b</b> The version and the expiry come equal, also of a row that has expired
 *             meanwhile; a removal comes as a {@code Delete} with its version.
 *       </ul>
 *   <li><b>F5</b> What can no longer be found is an error and never silence: a position whose
 *       changes the store has dropped meanwhile fails NO_TABLE, as does a table whose changes are
 *       not kept. The remedy: take positions with {@link Start#LATEST}, then scan the table, then
 *       go on from these positions. A position of another table or store fails INVALID.
 *       <ul>
 *         <li><b>F5a</b> A position whose changes the store has dropped fails NO_TABLE, and the
 *             message names the remedy.
 *         <li><b>F5b</b> A position of another table, store or format fails INVALID.
 *         <li><b>F5c</b> A table that is not there fails NO_TABLE.
 *         <li><b>F5d</b> A closed store fails CLOSED.
 *       </ul>
 * </ul>
 *
 * <p>Thread-safe. Failures are {@link StoreException}s.
 */
public interface ChangeFeed {

  /** Where to begin. */
  enum Start {
    /** With the oldest change that is kept. */
    EARLIEST,
    /**
     * With the first change after the call. Some that were applied shortly before the call may be
     * found, too.
     */
    LATEST
  }

  /** The positions from which the whole table is followed, one for each part; at least one. */
  CompletionStage<List<FeedPosition>> follow(Start start);

  /**
   * Reads what comes next in one part.
   *
   * @param position from {@link #follow}, or from {@link FeedPage#next}
   * @param maxChanges at least 1; a page may have fewer changes, and none although more will follow
   */
  CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges);
}
