// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.settings;

import java.util.Locale;

/** The default sizes of a comparison. */
public enum Profile {
  /**
   * Checks that everything works and that the results agree. Takes less than three minutes. Its
   * events are too few to warm the job up, so its report has no timings.
   */
  SMOKE(10_000, 200, 200),
  /** Gives first approximate figures of a job that has warmed up. */
  QUICK(100_000, 4_000, 200),
  /** Uses the whole input. */
  FULL(1_000_000, 10_000, 500);

  /**
   * Number of events to generate. For an input file it is the number of lines to read, unless
   * {@code --limit} sets it.
   */
  public final long events;

  public final int pacedEvents;
  public final int pacedPerSecond;

  Profile(long events, int pacedEvents, int pacedPerSecond) {
    this.events = events;
    this.pacedEvents = pacedEvents;
    this.pacedPerSecond = pacedPerSecond;
  }

  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
