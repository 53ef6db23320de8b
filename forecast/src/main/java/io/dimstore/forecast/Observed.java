// SPDX-License-Identifier: Apache-2.0
package io.dimstore.forecast;

import org.jspecify.annotations.Nullable;

/**
 * The observed content of a table or of its changes.
 *
 * @param source where it was read, as text for the user
 * @param items number of rows
 * @param tombstones number of deletes that the store still keeps
 * @param whole true if everything was read, false if only a sample was
 * @param bytes sizes of the items, including tombstones
 * @param readUnits read units to read every row once by its key
 * @param writeUnits write units of the observed writes, or to write every row once if no writes
 *     were observed
 * @param writes number of the writes to which {@code writeUnits} applies
 * @param writesPerSecond the observed write rate, or null if no writes were observed
 * @param refused number of changes that could not be read or stored
 */
public record Observed(
    String source,
    long items,
    long tombstones,
    boolean whole,
    Sizes bytes,
    double readUnits,
    double writeUnits,
    long writes,
    @Nullable Double writesPerSecond,
    long refused) {

  double readUnitsPerLookup() {
    return items == 0 ? 0 : readUnits / items;
  }

  double writeUnitsPerWrite() {
    return writes == 0 ? 0 : writeUnits / writes;
  }
}
