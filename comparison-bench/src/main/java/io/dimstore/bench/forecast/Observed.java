package io.dimstore.bench.forecast;

import org.jspecify.annotations.Nullable;

/**
 * What was seen of a table.
 *
 * @param source where, for people
 * @param items rows
 * @param tombstones deletes that are remembered
 * @param whole whether that is all there is, or a sample
 * @param bytes sizes of items, tombstones among them
 * @param readUnits of reading every row once by its key
 * @param writeUnits of the writes that were seen; where none were, of writing every row once
 * @param writes how many those are
 * @param writesPerSecond what was seen, or null where no writes were
 * @param refused changes that could not be read, or be held
 */
record Observed(
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
