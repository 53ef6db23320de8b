// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Implemented by a table whose changes can be followed, for instance to invalidate a cache or to
 * keep a copy of the table. The feed consists of parts, such as the shards of a stream. Each part
 * is read separately, and parts may be read in parallel. A {@link FeedPosition} is a place in one
 * part; a reader keeps one position for each part.
 *
 * <p>Each rule has clauses. The conformance kit has tests for each clause, whose names begin with
 * its id.
 *
 * <ul>
 *   <li><b>F1</b> No change is lost: a change that is applied after {@link #follow} succeeded is
 *       found at least once from the positions that it returned. From the positions of {@link
 *       Start#EARLIEST}, earlier changes are found too, as far back as the store keeps changes. A
 *       superseded write is not a change and is not found.
 *       <ul>
 *         <li><b>F1a</b> A change that is applied after {@code follow} succeeded is found from its
 *             positions.
 *         <li><b>F1b</b> From the earliest positions, earlier changes are found too, as far back as
 *             the store keeps changes.
 *         <li><b>F1c</b> A superseded write is not a change and is not found.
 *       </ul>
 *   <li><b>F2</b> The changes of one key come in the order in which they were applied, even if the
 *       store splits or merges partitions of the table meanwhile. So the versions of a key never
 *       decrease, unless another tool wrote them.
 *       <ul>
 *         <li><b>F2a</b> The changes of one key come in the order in which they were applied.
 *         <li><b>F2b</b> The versions of a key do not decrease while several writers write the key.
 *         <li><b>F2c</b> The order of a key's changes holds while the store splits and merges its
 *             partitions.
 *       </ul>
 *   <li><b>F3</b> A position is text that can be stored. Polling it again, even from another
 *       process, returns the same changes, and perhaps more after them.
 *       <ul>
 *         <li><b>F3a</b> Polling a position again returns the same changes.
 *         <li><b>F3b</b> A position is text: another {@code DimensionStore} can continue from it.
 *         <li><b>F3c</b> A page has at most as many changes as requested, and the next position
 *             continues after it.
 *       </ul>
 *   <li><b>F4</b> A change is returned equal to what was written: every type, the version, the
 *       expiry. A row is returned as a {@link Put} even if it has expired meanwhile. A removal is
 *       returned as a {@link Delete} with its version. If another tool removed the row, the {@link
 *       Delete} has the version of the row. When the store cleans up a tombstone or an expired row,
 *       it may report one more {@link Delete} of the same version.
 *       <ul>
 *         <li><b>F4a</b> A row is returned equal to what was written, for every type.
 *         <li><b>F4b</b> The version and the expiry are returned as written, even for a row that
 *             has expired meanwhile; a removal is returned as a {@code Delete} with its version.
 *       </ul>
 *   <li><b>F5</b> Changes that can no longer be found cause an error; they are never skipped
 *       silently. A position whose changes the store has dropped meanwhile fails NO_TABLE, as does
 *       a table whose changes are not kept. The remedy: take positions with {@link Start#LATEST},
 *       then scan the table, then continue from these positions. A position of another table or
 *       store fails INVALID.
 *       <ul>
 *         <li><b>F5a</b> A position whose changes the store has dropped fails NO_TABLE, and the
 *             message names the remedy.
 *         <li><b>F5b</b> A position of another table, store or format fails INVALID.
 *         <li><b>F5c</b> A table that does not exist fails NO_TABLE.
 *         <li><b>F5d</b> A closed store fails CLOSED.
 *         <li><b>F5e</b> A table whose changes are not kept fails NO_TABLE.
 *       </ul>
 * </ul>
 *
 * <p>Thread-safe. Failures are {@link StoreException}s.
 */
public interface ChangeFeed {

  /** The change with which a reader begins. */
  enum Start {
    /** The oldest change that the store keeps. */
    EARLIEST,
    /**
     * The first change after the call. Changes that were applied shortly before the call may be
     * found too.
     */
    LATEST
  }

  /** Returns the positions from which to follow the whole table: one per part, at least one. */
  CompletionStage<List<FeedPosition>> follow(Start start);

  /**
   * Reads the next changes of one part.
   *
   * @param position from {@link #follow}, or from {@link FeedPage#next}
   * @param maxChanges at least 1; a page may have fewer changes, even none although more follow
   */
  CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges);
}
