// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The true time, which a test advances, and the clocks of processes, which differ from it. */
final class ManualClock {

  private long trueMillis = 1_700_000_000_000L;

  long trueMillis() {
    return trueMillis;
  }

  void advance(long millis) {
    trueMillis += millis;
  }

  /** The clock of one process. It can be set. */
  final class Local implements InstantSource {
    private long offsetMillis;
    private long laterStepAt = Long.MAX_VALUE;
    private long laterStep;

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(
          trueMillis + offsetMillis + (trueMillis < laterStepAt ? 0 : laterStep));
    }

    /** Sets the clock once this time has passed. */
    void stepAfter(long trueMillisFromNow, long millis) {
      laterStepAt = trueMillis + trueMillisFromNow;
      laterStep = millis;
    }

    void step(long millis) {
      offsetMillis += millis;
    }

    ArrivalClock.Source source(long maxSkewMillis) {
      return new ArrivalClock.Source(
          this, () -> trueMillis * 1_000_000, Duration.ofMillis(maxSkewMillis));
    }
  }

  /** Returns a clock that is ahead of the true time by this offset. */
  Local local(long offsetMillis) {
    Local local = new Local();
    local.step(offsetMillis);
    return local;
  }
}
