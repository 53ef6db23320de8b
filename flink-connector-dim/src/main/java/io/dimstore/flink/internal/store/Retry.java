// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.store;

import io.dimstore.flink.internal.metrics.TableCounters;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.support.Backoff;
import io.dimstore.spi.support.Deadline;
import io.dimstore.spi.support.RetryTimer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Retries a request, with increasing pauses and for a limited time, while its failure may be
 * temporary.
 *
 * @param timer runs all attempts but the first
 * @param timeout the longest time after the first attempt at which another attempt begins; 0 allows
 *     one attempt
 * @param counters counts every attempt but the first
 */
public record Retry(ScheduledExecutorService timer, Duration timeout, TableCounters counters) {

  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(20), Duration.ofSeconds(2));

  /**
   * Runs a call until it succeeds, fails permanently, or the timeout has passed.
   *
   * @return a future that completes on the thread of the last attempt. It fails with the call's
   *     {@link StoreException}; any other {@link Throwable} is passed on unchanged.
   */
  public <T extends @Nullable Object> CompletableFuture<T> run(Supplier<CompletionStage<T>> call) {
    Counted<T> counted = new Counted<>(call);
    return new RetryTimer(timer)
        .run(counted::attempt, counted::isRetried, BACKOFF, Deadline.after(timeout));
  }

  /** A call whose attempts follow one another, never two at the same time. */
  private final class Counted<T extends @Nullable Object> {

    private final Supplier<CompletionStage<T>> call;
    private volatile StoreException.@Nullable Kind lastFailure;

    private Counted(Supplier<CompletionStage<T>> call) {
      this.call = call;
    }

    private CompletionStage<T> attempt() {
      StoreException.Kind failure = lastFailure;
      if (failure != null) {
        counters.retry(failure);
      }
      return call.get();
    }

    private boolean isRetried(@Nullable T value, @Nullable Throwable failure) {
      if (failure instanceof StoreException e && e.kind().isRetryable()) {
        lastFailure = e.kind();
        return true;
      }
      return false;
    }
  }
}
