package io.dimstore.flink;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** True time that a test moves, and the clocks of processes that differ from it. */
final class ManualClock {

  private long trueMillis = 1_700_000_000_000L;

  long trueMillis() {
    return trueMillis;
  }

  void advance(long millis) {
    trueMillis += millis;
  }

  /** The clock of one process, which can be set. */
  final class Local implements InstantSource {
    private long offsetMillis;

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(trueMillis + offsetMillis);
    }

    void step(long millis) {
      offsetMillis += millis;
    }

    ArrivalClock.Source source(long maxSkewMillis) {
      return new ArrivalClock.Source(
          this, () -> trueMillis * 1_000_000, Duration.ofMillis(maxSkewMillis));
    }
  }

  /** A clock that is ahead of true time by so much. */
  Local local(long offsetMillis) {
    Local local = new Local();
    local.step(offsetMillis);
    return local;
  }
}
