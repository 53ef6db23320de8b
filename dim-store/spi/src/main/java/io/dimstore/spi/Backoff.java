package io.dimstore.spi;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before the next attempt: exponential with full jitter, so that callers which
 * failed together do not come back together.
 *
 * @param base the upper bound of the first wait
 * @param cap the upper bound of any wait
 */
public record Backoff(Duration base, Duration cap) {

  /**
   * A wait in nanoseconds.
   *
   * @param attempt how many attempts have failed, from 1
   */
  public long nanos(int attempt) {
    long bound = base.toNanos() << Math.min(attempt - 1, 20);
    long capped = bound <= 0 ? cap.toNanos() : Math.min(bound, cap.toNanos());
    return ThreadLocalRandom.current().nextLong(capped + 1);
  }
}
