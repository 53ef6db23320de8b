package io.dimstore.spi;

/** The numbers that order the changes of one key (R3). */
public final class Versions {

  /** The lowest version. */
  public static final long MIN = 0;

  /** The highest version: one below {@code Long.MAX_VALUE}, which HBase takes for "now". */
  public static final long MAX = Long.MAX_VALUE - 1;

  private Versions() {}

  /** Whether a number can be a version. */
  public static boolean isValid(long version) {
    return version >= MIN && version <= MAX;
  }

  /**
   * The version that follows {@code last} for a change that happened at {@code epochMillis}: rises
   * strictly, also where two changes share a millisecond or a clock goes back.
   */
  public static long next(long epochMillis, long last) {
    return Math.max(epochMillis, last + 1);
  }
}
