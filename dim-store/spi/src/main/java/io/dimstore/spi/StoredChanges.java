// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A table that can read by key what a scan with tombstones returns. {@link DimensionTable#get}
 * answers null for a deleted row and for a row that never existed, and may answer from a cache;
 * this interface distinguishes the two, and reads the system of record. It is for tools that
 * compare or copy tables, not for lookups.
 *
 * <p>A store whose scans can seek to a key needs no such interface: a scan of one key's range reads
 * the same.
 *
 * <p>Each rule has clauses. The conformance kit has tests for each clause, whose names begin with
 * its id.
 *
 * <ul>
 *   <li><b>C1</b> The answer is what a scan with tombstones would return for each key.
 *       <ul>
 *         <li><b>C1a</b> Element i of the answer belongs to key i, whatever the size of the batch;
 *             a key asked twice has two equal answers.
 *         <li><b>C1b</b> A row is returned with all value columns, its version and its expiry.
 *         <li><b>C1c</b> A removal is returned as a {@code Delete} with its version, and an expired
 *             row as one with the version of the row, as long as the store remembers it.
 *         <li><b>C1d</b> A key that was never written is null, and so is one that the store cannot
 *             hold; the other keys are answered.
 *         <li><b>C1e</b> A call that begins after a write through any {@code DimensionStore}
 *             succeeded sees that write, even for a key that was read before.
 *       </ul>
 *   <li><b>C2</b> Impossible calls fail.
 *       <ul>
 *         <li><b>C2a</b> A row that cannot be decoded fails CORRUPT, which names its key; a call
 *             for the other keys succeeds.
 *         <li><b>C2b</b> A table that does not exist fails NO_TABLE.
 *         <li><b>C2c</b> After the store's {@code close()} every call fails CLOSED.
 *       </ul>
 * </ul>
 *
 * <p>Thread-safe; no method blocks. Failures are {@link StoreException}s.
 */
public interface StoredChanges {

  /**
   * Reads the newest change of each key, with all value columns and with strong consistency.
   *
   * @param keys any number; a key that the store cannot hold is absent (R10)
   * @return a list whose element i belongs to {@code keys.get(i)}: the row; a {@link Delete} for a
   *     tombstone and for an expired row, as long as the store remembers it; or null. Fails CORRUPT
   *     with the keys of the rows that cannot be decoded (R11d)
   */
  CompletionStage<List<@Nullable Change>> stored(List<Key> keys);
}
