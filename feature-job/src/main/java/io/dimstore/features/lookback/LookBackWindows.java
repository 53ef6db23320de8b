// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

import java.time.Duration;
import java.util.List;

/**
 * The look-back windows, shortest first. Each window covers the events in (t - width, t] by event
 * time.
 */
public final class LookBackWindows {

  static final List<String> NAMES = List.of("1m", "1h", "24h", "30d");

  static final int COUNT = 4;

  private static final long[] WIDTHS = {60_000L, 3_600_000L, 86_400_000L, 30L * 86_400_000L};

  /** The width of the longest window. No window contains an event that is older. */
  public static final Duration LONGEST = Duration.ofDays(30);

  private LookBackWindows() {}

  /** Returns the width of window {@code w} in milliseconds. */
  static long width(int w) {
    return WIDTHS[w];
  }
}
