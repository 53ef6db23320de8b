// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Begins the next attempt of a request after a pause, unless the deadline of the request comes
 * first. An attempt that still waits when the executor is shut down never runs: whoever shuts it
 * down must fail the request in another way, as {@link Admission#close} does. Thread-safe; never
 * blocks.
 *
 * @param executor runs the attempts
 */
public record RetryTimer(ScheduledExecutorService executor) {

  /**
   * Runs an attempt after a pause, unless the deadline comes first.
   *
   * @param failures how many attempts have failed, from 1
   * @return false if the attempt will never run, because the deadline comes first or the executor
   *     was shut down; the caller then reports the last failure
   */
  public boolean schedule(Runnable attempt, Backoff backoff, int failures, Deadline deadline) {
    long pause = backoff.nanos(failures);
    return pause < deadline.remainingNanos() && schedule(attempt, pause);
  }

  /**
   * Runs an attempt after a pause, whatever the deadline of its request.
   *
   * @return false if the attempt will never run, because the executor was shut down
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
