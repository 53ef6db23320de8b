package io.dimstore.hbaseredis;

import io.dimstore.spi.Backoff;
import java.time.Duration;

/** When work is tried again: never twice at a time, and less and less often as it fails. */
final class Schedule {

  private static final Backoff PAUSES = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));

  private boolean running;
  private int failures;
  private long next = System.nanoTime();

  /** Whether the caller is to begin; {@link #ended} follows then. */
  synchronized boolean begin() {
    if (running || System.nanoTime() - next < 0) {
      return false;
    }
    running = true;
    return true;
  }

  synchronized void ended(boolean successfully) {
    running = false;
    failures = successfully ? 0 : failures + 1;
    next = System.nanoTime() + (failures == 0 ? 0 : PAUSES.nanos(failures));
  }
}
