// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

/** The numbers that order the changes of one key (R3). */
public final class Versions {

  /** The lowest version. */
  public static final long MIN = 0;

  /** The highest version. HBase interprets {@code Long.MAX_VALUE} as "now", so it is one lower. */
  public static final long MAX = Long.MAX_VALUE - 1;

  private Versions() {}

  /** Returns whether a number is in the range of versions. */
  public static boolean isValid(long version) {
    return version >= MIN && version <= MAX;
  }

  /**
   * Returns a version for a change that happened at {@code epochMillis}. It is always higher than
   * {@code last}, even if two changes share a millisecond or the clock goes back.
   */
  public static long next(long epochMillis, long last) {
    return Math.max(epochMillis, last + 1);
  }
}
