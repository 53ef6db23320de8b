// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.generate;

import io.dimstore.events.record.EventTimes;

/** Draws event times, which advance except for late events and ties. */
final class GeneratedTime {

  private final GeneratorOptions.Times options;
  private final SplitMix64 random;
  private final long base;
  private final double meanGapMillis;
  private long newest;
  private long current;
  private boolean tie;
  private boolean started;

  GeneratedTime(GeneratorOptions.Times options, SplitMix64 random) {
    this.options = options;
    this.random = random;
    this.base = options.base().toEpochMilli();
    this.meanGapMillis = options.meanGap().toNanos() / 1e6;
  }

  /** Moves to the next event. The first is neither late nor a tie. */
  void advance() {
    boolean drawnTie = random.chance(options.ties());
    boolean drawnLate = random.chance(options.late());
    long behind = 1 + random.below(options.lateBy().toMillis());
    // StrictMath gives the same logarithm on every machine.
    long gap = (long) (-meanGapMillis * StrictMath.log(1.0 - random.nextDouble()));
    tie = started && drawnTie;
    if (!started) {
      started = true;
      newest = base;
      current = base;
    } else if (!tie) {
      if (drawnLate) {
        current = Math.max(base, newest - behind);
      } else {
        newest = Math.min(EventTimes.MAX, newest + gap);
        current = newest;
      }
    }
  }

  /** Returns the time of the current event. */
  long current() {
    return current;
  }

  /** The newest time of all events so far. */
  long newest() {
    return newest;
  }

  /** Whether the event repeats the user and the time of the one before it. */
  boolean isTie() {
    return tie;
  }
}
