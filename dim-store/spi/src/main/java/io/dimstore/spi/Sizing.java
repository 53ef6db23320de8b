// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

/** A table that can compute the size of an entry without asking its server. */
public interface Sizing {

  /**
   * Returns the size of the entry that a change writes.
   *
   * @throws StoreException INVALID, naming the key, for a change that the table cannot hold
   */
  Size sizeOf(Change change);

  /**
   * The size of an entry as its server counts it.
   *
   * @param bytes the entry's size in bytes
   * @param readUnits the capacity units to read the entry by its key
   * @param writeUnits the capacity units to write the entry if it does not replace a larger one
   */
  record Size(int bytes, double readUnits, double writeUnits) {}
}
