// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Begins the next attempt of a request after a pause. Every retry of a store waits here, so that
 * none outlasts its deadline and none is lost when the store closes. Thread-safe; never blocks.
 *
 * @param executor runs the attempts; it is shut down when the store closes
 */
public record RetryTimer(ScheduledExecutorService executor) {

  /**
   * Runs an attempt after a pause, unless the deadline comes first.
   *
   * @param failures how many attempts have failed, from 1
   * @return false where the attempt will never run: the caller then reports the last failure
   */
  public boolean schedule(Runnable attempt, Backoff backoff, int failures, Deadline deadline) {
    long pause = backoff.nanos(failures);
    return pause < deadline.remainingNanos() && schedule(attempt, pause);
  }

  /**
   * Runs an attempt after a pause.
   *
   * @return false where the attempt will never run, because the store is being closed
   */
  public boolean schedule(Runnable attempt, long pauseNanos) {
    try {
      executor.schedule(attempt, pauseNanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }
}
