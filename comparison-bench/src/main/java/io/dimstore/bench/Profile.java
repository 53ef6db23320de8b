package io.dimstore.bench;

import java.util.Locale;

/** How large a comparison is where no option says otherwise. */
enum Profile {
  /** Does everything work and agree? Under three minutes. */
  SMOKE(10_000, 1_000, 200),
  /** A first look at the figures. */
  QUICK(100_000, 4_000, 200),
  /** All of the input. */
  FULL(1_000_000, 10_000, 500);

  /** Events to generate, or lines to read of a file where {@code --limit} does not say. */
  final long events;

  final int pacedEvents;
  final int pacedPerSecond;

  Profile(long events, int pacedEvents, int pacedPerSecond) {
    this.events = events;
    this.pacedEvents = pacedEvents;
    this.pacedPerSecond = pacedPerSecond;
  }

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
