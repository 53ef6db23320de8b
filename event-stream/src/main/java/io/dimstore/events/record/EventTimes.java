// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.record;

/**
 * The range of valid event times: the years 1970 to 9999, which ISO-8601 writes with four digits.
 */
public final class EventTimes {

  /** 1970-01-01T00:00:00.000Z. Versions are derived from event times and must not be negative. */
  public static final long MIN = 0L;

  /** 9999-12-31T23:59:59.999Z. */
  public static final long MAX = 253_402_300_799_999L;

  private EventTimes() {}

  public static boolean inRange(long millis) {
    return millis >= MIN && millis <= MAX;
  }

  static long requireInRange(long millis) {
    if (!inRange(millis)) {
      throw new IllegalArgumentException("event time " + millis + " is not in 1970 to 9999");
    }
    return millis;
  }
}
