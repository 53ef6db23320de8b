// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.store;

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
 */
public record Retry(ScheduledExecutorService timer, Duration timeout) {

  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(20), Duration.ofSeconds(2));

  /**
   * Runs a call until it succeeds, fails permanently, or the timeout has passed.
   *
   * @return a future that completes on the thread of the last attempt. It fails with the call's
   *     {@link StoreException}; any other {@link Throwable} is passed on unchanged.
   */
  public <T extends @Nullable Object> CompletableFuture<T> run(Supplier<CompletionStage<T>> call) {
    return new RetryTimer(timer)
        .run(
            call,
            (value, failure) -> failure instanceof StoreException e && e.kind().isRetryable(),
            BACKOFF,
            Deadline.after(timeout));
  }
}
