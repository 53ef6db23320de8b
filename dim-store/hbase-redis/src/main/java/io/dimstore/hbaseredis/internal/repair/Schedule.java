// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.repair;

import io.dimstore.spi.support.Backoff;
import java.time.Duration;

/**
 * Decides when work may run: never twice at a time, and after failures with growing pauses.
 * Thread-safe.
 */
final class Schedule {

  private static final Backoff PAUSES = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));

  private boolean running;
  private int failures;
  private long next = System.nanoTime();

  /**
   * Whether the caller must begin the work now. If so, it must call {@link #ended} when the work
   * has ended.
   */
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
