// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import java.time.Duration;

/** Formats durations as command lines take them. */
public final class DurationText {

  private DurationText() {}

  /**
   * Returns a duration in the largest unit that divides it, such as {@code 90s}, {@code 10m} or
   * {@code 0s}. Less than a millisecond is cut off.
   */
  public static String of(Duration duration) {
    long millis = duration.toMillis();
    if (millis == 0 || millis % 1_000 != 0) {
      return millis == 0 ? "0s" : millis + "ms";
    }
    long seconds = millis / 1_000;
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3_600 == 0) {
      return seconds / 3_600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }
}
