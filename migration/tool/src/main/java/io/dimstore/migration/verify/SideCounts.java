// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.verify;

/**
 * The rows that were read from one side. {@code rows} is the sum of the others.
 *
 * @param rows rows, tombstones and unreadable rows that count; a row of a bucket that was compared
 *     row by row counts as it was read then
 * @param equal rows whose partner is equal
 * @param oldTombstones tombstones of versions beyond the retention, which are compared with nothing
 * @param inFlight rows that differed while they were scanned, and were equal when they were read
 *     again
 * @param moving rows that differed each time they were read, with other versions each time
 * @param different rows that differ
 * @param unexamined rows of buckets that differ, but were not compared because the verification had
 *     found enough differences
 */
public record SideCounts(
    long rows,
    long equal,
    long oldTombstones,
    long inFlight,
    long moving,
    long different,
    long unexamined) {

  /** Refuses counts that do not add up. */
  public SideCounts {
    if (rows != equal + oldTombstones + inFlight + moving + different + unexamined) {
      throw new IllegalArgumentException(
          "The counts do not add up to the rows: "
              + rows
              + " != "
              + equal
              + " + "
              + oldTombstones
              + " + "
              + inFlight
              + " + "
              + moving
              + " + "
              + different
              + " + "
              + unexamined);
    }
  }
}
