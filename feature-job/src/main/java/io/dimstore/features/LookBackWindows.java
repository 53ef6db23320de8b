package io.dimstore.features;

import java.time.Duration;
import java.util.List;

/**
 * The look-back windows, shortest first: each covers the events in (t - width, t] by event time.
 */
final class LookBackWindows {

  static final List<String> NAMES = List.of("1m", "1h", "24h", "30d");

  static final int COUNT = 4;

  private static final long[] WIDTHS = {60_000L, 3_600_000L, 86_400_000L, 30L * 86_400_000L};

  /** The longest window: what an event is last seen by. */
  static final Duration LONGEST = Duration.ofDays(30);

  private LookBackWindows() {}

  /** Width of window {@code w} in milliseconds. */
  static long width(int w) {
    return WIDTHS[w];
  }
}
