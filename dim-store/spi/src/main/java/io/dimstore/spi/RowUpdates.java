// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A table that can compute the next change of a key from the stored one, atomically for each key.
 * {@link DimensionTable#write} replaces a whole row; this interface is for callers that know only a
 * part of it. An update costs at least one read and one write of the key.
 *
 * <p>Each rule has clauses. The conformance kit has tests for each clause, whose names begin with
 * its id.
 *
 * <ul>
 *   <li><b>U1</b> An update is atomic for its key, among updates and writes through any {@code
 *       DimensionStore}.
 *       <ul>
 *         <li><b>U1a</b> The function is given the newest stored change with all value columns: a
 *             row; a {@code Delete} with its version for a removed or an expired row, as long as
 *             the store remembers it; null for a key that was never written.
 *         <li><b>U1b</b> The result is stored as a write would store it: the next read sees the row
 *             or its absence, in every copy.
 *         <li><b>U1c</b> A key for which the function returns null keeps what is stored.
 *         <li><b>U1d</b> Of concurrent updates of a key none is lost: each is computed from the
 *             result of another, or from what was stored before.
 *         <li><b>U1e</b> A write of another version that is applied between the read and the write
 *             of an update is not lost: the function is called again with it.
 *         <li><b>U1f</b> A key that is listed twice is updated once.
 *       </ul>
 *   <li><b>U2</b> Impossible calls fail.
 *       <ul>
 *         <li><b>U2a</b> A result that has another key, a version that is not greater than the
 *             stored one, or a value that the table cannot hold fails INVALID, which names the key;
 *             what was stored remains.
 *         <li><b>U2b</b> A table that does not exist fails NO_TABLE.
 *         <li><b>U2c</b> After the store's {@code close()} every call fails CLOSED.
 *       </ul>
 * </ul>
 *
 * <p>Versions identify what was read. If another writer replaces a row by another one of the same
 * version meanwhile, either may be the one that the update was computed from.
 *
 * <p>Thread-safe; no method blocks. Failures are {@link StoreException}s. A call that fails may
 * have updated any of its keys, and an update of it whose outcome is unknown may be applied twice:
 * a function whose result must not count twice recognizes its own result.
 */
public interface RowUpdates {

  /**
   * Updates keys, each by the same function. Succeeds when each key was updated or left.
   *
   * @param keys any number; a key that the store cannot hold fails INVALID
   */
  CompletionStage<Void> update(List<Key> keys, Update update);

  /** Computes the next change of a key. */
  @FunctionalInterface
  interface Update {

    /**
     * Returns the change to store, or null to keep what is stored. Has no side effects, returns
     * soon, and does not call the store: it may be called several times for a key, by threads of
     * the store.
     *
     * @param stored the newest stored change of the key, or null if there is none
     * @return a change of this key whose version is greater than that of the stored one
     */
    @Nullable Change next(Key key, @Nullable Change stored);
  }
}
