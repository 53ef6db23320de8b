// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.store;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.support.Backoff;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits for calls of stores, and repeats a call that failed with a kind that may be retried until
 * the patience ends. A run of hours must outlive the restart of a server. Thread-safe.
 */
public final class Calls {

  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

  private final Clock clock;
  private final long patienceNanos;

  /**
   * Creates the calls of a run.
   *
   * @param patience how long a call is repeated before its failure ends the run
   */
  public Calls(Clock clock, Duration patience) {
    this.clock = clock;
    this.patienceNanos = patience.toNanos();
  }

  /**
   * Makes a call and waits for its result.
   *
   * @throws StoreException if it fails with a kind that may not be retried, or for longer than the
   *     patience
   */
  public <T extends @Nullable Object> T await(Supplier<CompletionStage<T>> call)
      throws InterruptedException {
    return await(begin(call), call);
  }

  /**
   * Waits for a call that has begun.
   *
   * @param begun the first attempt, from {@link #begin}
   * @param again makes the next attempts
   */
  public <T extends @Nullable Object> T await(
      CompletionStage<T> begun, Supplier<CompletionStage<T>> again) throws InterruptedException {
    long start = clock.nanos();
    CompletionStage<T> attempt = begun;
    for (int failed = 1; ; failed++) {
      try {
        return attempt.toCompletableFuture().get();
      } catch (ExecutionException e) {
        StoreException failure = StoreException.find(e);
        if (failure == null) {
          throw e.getCause() instanceof RuntimeException unchecked
              ? unchecked
              : new IllegalStateException(e.getCause());
        }
        if (!failure.kind().isRetryable() || clock.nanos() - start >= patienceNanos) {
          throw failure;
        }
        clock.pause(BACKOFF.nanos(failed));
        attempt = begin(again);
      }
    }
  }

  /** Begins a call; a failure that it throws is in the stage. */
  public <T extends @Nullable Object> CompletionStage<T> begin(Supplier<CompletionStage<T>> call) {
    try {
      return call.get();
    } catch (RuntimeException e) {
      return java.util.concurrent.CompletableFuture.failedFuture(e);
    }
  }
}
