// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import io.dimstore.spi.StoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Begins the next attempt of a request after a pause, unless the deadline of the request comes
 * first. An attempt that still waits when the executor is shut down never runs: whoever shuts it
 * down must fail the request in another way, as {@link Admission#close} does. Thread-safe; never
 * blocks.
 *
 * @param executor runs the attempts
 */
public record RetryTimer(ScheduledExecutorService executor) {

  /** The time before the deadline from which on nothing is polled. */
  private static final long LAST_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

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

  /**
   * Makes attempts, with pauses between them, until one has an outcome that is not to be retried,
   * or the next one would begin after the deadline. The first attempt is made at once, by the
   * caller's thread.
   *
   * @param attempt starts one attempt; an exception that it throws counts as a failure
   * @param isRetried whether another attempt follows this value or this failure, of which one is
   *     null
   * @return the outcome of the last attempt, on its thread. A failure that has a {@link
   *     StoreException} as its cause is that exception; any other is passed on unchanged
   */
  public <T extends @Nullable Object> CompletableFuture<T> run(
      Supplier<? extends CompletionStage<T>> attempt,
      BiPredicate<? super @Nullable T, @Nullable Throwable> isRetried,
      Backoff backoff,
      Deadline deadline) {
    return new Attempts<T>(
            attempt,
            isRetried,
            (next, failures) -> schedule(next, backoff, failures, deadline),
            new CompletableFuture<>())
        .start();
  }

  /**
   * Repeats a check, with pauses between, until it is true or fails. The last check is shortly
   * before the deadline.
   *
   * @return false if it was still false at the last check
   */
  public CompletableFuture<Boolean> until(
      Supplier<? extends CompletionStage<Boolean>> check, Backoff backoff, Deadline deadline) {
    return new Attempts<Boolean>(
            check,
            (value, failure) -> Boolean.FALSE.equals(value),
            (next, failures) -> poll(next, backoff, failures, deadline),
            new CompletableFuture<>())
        .start();
  }

  private boolean poll(Runnable check, Backoff backoff, int failures, Deadline deadline) {
    long left = deadline.remainingNanos();
    return left >= LAST_POLL_NANOS && schedule(check, backoff.nanosWithin(failures, left));
  }

  /** Has the next attempt run after a pause, or returns false. */
  @FunctionalInterface
  private interface Pauses {
    boolean schedule(Runnable next, int failures);
  }

  private record Attempts<T extends @Nullable Object>(
      Supplier<? extends CompletionStage<T>> attempt,
      BiPredicate<? super @Nullable T, @Nullable Throwable> isRetried,
      Pauses pauses,
      CompletableFuture<T> result) {

    CompletableFuture<T> start() {
      begin(1);
      return result;
    }

    void begin(int number) {
      CompletionStage<T> stage;
      try {
        stage = attempt.get();
        if (stage == null) {
          throw new IllegalStateException("An attempt returned no stage");
        }
      } catch (Throwable e) {
        stage = CompletableFuture.failedFuture(e);
      }
      stage.whenComplete((value, failure) -> end(value, known(failure), number));
    }

    private static @Nullable Throwable known(@Nullable Throwable failure) {
      StoreException known = failure == null ? null : StoreException.find(failure);
      return known == null ? failure : known;
    }

    private void end(T value, @Nullable Throwable failure, int number) {
      try {
        if (isRetried.test(value, failure) && pauses.schedule(() -> begin(number + 1), number)) {
          return;
        }
      } catch (Throwable e) {
        result.completeExceptionally(e);
        return;
      }
      if (failure == null) {
        result.complete(value);
      } else {
        result.completeExceptionally(failure);
      }
    }
  }
}
