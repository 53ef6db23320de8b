// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import io.dimstore.spi.Change;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and writes the rows of one table of the target store. Thread-safe. */
interface TargetRows {

  /**
   * Reads what the target stores, with strong consistency, in the order of the keys.
   *
   * @return for each key the row, its tombstone if the store can read tombstones, or null
   * @throws StoreException CORRUPT with the keys of rows that cannot be decoded; any other kind if
   *     the store does not answer
   */
  List<@Nullable Change> stored(List<Key> keys) throws InterruptedException;

  /**
   * Writes changes under the version guard (R3).
   *
   * @throws StoreException INVALID with the keys of rows that the store can never hold; any other
   *     kind if the store does not answer
   */
  void write(List<Change> changes) throws InterruptedException;
}
