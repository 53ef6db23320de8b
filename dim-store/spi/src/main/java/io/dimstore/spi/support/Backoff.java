// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Computes how long to wait before the next attempt: exponential with full jitter, so that callers
 * that failed together do not retry together.
 *
 * @param base the upper bound of the first wait
 * @param cap the upper bound of any wait
 */
public record Backoff(Duration base, Duration cap) {

  /**
   * Returns a random wait in nanoseconds.
   *
   * @param attempt number of attempts that have failed, from 1
   */
  public long nanos(int attempt) {
    int shift = Math.min(Math.max(attempt, 1) - 1, 62);
    long first = base.toNanos();
    long most = cap.toNanos();
    long bound = first > most >> shift ? most : first << shift;
    return ThreadLocalRandom.current().nextLong(Math.min(bound, Long.MAX_VALUE - 1) + 1);
  }

  /**
   * Returns a random wait in nanoseconds for a caller that polls until a deadline. It is at most
   * half of the time that is left, so that the last polls are shortly before the deadline.
   *
   * @param attempt number of attempts that have failed, from 1
   * @param leftNanos the time until the deadline
   */
  public long nanosWithin(int attempt, long leftNanos) {
    return Math.min(nanos(attempt), Math.max(0, leftNanos / 2));
  }
}
