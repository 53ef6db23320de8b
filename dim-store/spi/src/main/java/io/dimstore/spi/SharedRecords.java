// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Implemented by a store that keeps small named records, which several processes read and replace
 * by compare-and-set: the state of a migration, its progress, its audit log. Found by {@link
 * DimensionStore#capability}. The records of a store are separate from its dimension tables. They
 * are for control, not for data: a store may keep all of them in one place, and expects some
 * hundred requests per second at most.
 *
 * <p>A name has 1 to {@link #MAX_NAME} characters of {@code A-Z a-z 0-9 . _ : / % + = @ * -}; a
 * caller encodes other text. A content has at most {@link #MAX_CONTENT_BYTES} bytes of UTF-8.
 *
 * <p>Each rule has clauses. The conformance kit has tests for each clause, whose names begin with
 * its id.
 *
 * <ul>
 *   <li><b>S1</b> Each record is linearizable: every call takes effect at one moment between its
 *       begin and its end, for callers in all processes. A {@code replace} that fails with a kind
 *       that may be retried may have taken effect, and may still do so later; the caller reads the
 *       record before it decides what to do.
 *       <ul>
 *         <li><b>S1a</b> {@code read} returns the record that the last successful {@code replace}
 *             wrote through any {@code DimensionStore}, even if it has read the record before.
 *         <li><b>S1b</b> A {@code replace} succeeds if and only if the record has the expected
 *             revision, 0 for an absent one.
 *         <li><b>S1c</b> Of concurrent replacements of one revision exactly one succeeds.
 *         <li><b>S1d</b> A {@code replace} whose answer was lost never reports false although it
 *             took effect.
 *         <li><b>S1e</b> Every name and content within the limits comes back equal, empty content
 *             included.
 *       </ul>
 *   <li><b>S2</b> A listing finds the records that exist during all of it, in the order of their
 *       names.
 *       <ul>
 *         <li><b>S2a</b> {@code list} returns the records whose names begin with the prefix, and no
 *             others.
 *         <li><b>S2b</b> A page has at most as many records as requested.
 *       </ul>
 *   <li><b>S3</b> Impossible calls fail.
 *       <ul>
 *         <li><b>S3a</b> A name, content or revision outside the limits fails INVALID.
 *         <li><b>S3b</b> After the store's {@code close()} every call for records fails CLOSED.
 *       </ul>
 * </ul>
 *
 * <p>Thread-safe; no method blocks. Failures are {@link StoreException}s. The first {@link
 * #replace} creates what the store keeps its records in; until then every record is absent.
 */
public interface SharedRecords {

  /** The most characters of a name. */
  int MAX_NAME = 255;

  /** The most bytes of a content in UTF-8. */
  int MAX_CONTENT_BYTES = 256 * 1024;

  /** Reads a record; empty if there is none of this name. */
  CompletionStage<Optional<SharedRecord>> read(String name);

  /**
   * Writes a record if it has the expected revision. The new revision is the expected one plus 1.
   *
   * @param expectedRevision the revision that the caller has read, or 0 to create the record
   * @return whether the record was written; false if it has another revision
   */
  CompletionStage<Boolean> replace(String name, long expectedRevision, String content);

  /**
   * Returns the records whose names begin with a prefix, in the order of the names' characters.
   *
   * @param prefix may be empty
   * @param after the name after which to begin: empty for the first page, then {@link
   *     SharedRecordPage#next}
   * @param maxRecords at least 1; a page may have fewer records before the end
   */
  CompletionStage<SharedRecordPage> list(String prefix, String after, int maxRecords);
}
