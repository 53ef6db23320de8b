// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.store;

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
    CompletableFuture<T> result = new CompletableFuture<>();
    attempt(call, result, 1, Deadline.after(timeout));
    return result;
  }

  private <T extends @Nullable Object> void attempt(
      Supplier<CompletionStage<T>> call, CompletableFuture<T> result, int number, Deadline end) {
    CompletionStage<T> stage;
    try {
      stage = call.get();
      if (stage == null) {
        throw new IllegalStateException("The store returned no stage");
      }
    } catch (Throwable e) {
      stage = CompletableFuture.failedFuture(e);
    }
    stage.whenComplete(
        (value, failure) -> {
          if (failure == null) {
            result.complete(value);
            return;
          }
          StoreException known = StoreException.find(failure);
          boolean again =
              known != null
                  && known.kind().isRetryable()
                  && new RetryTimer(timer)
                      .schedule(() -> attempt(call, result, number + 1, end), BACKOFF, number, end);
          if (!again) {
            result.completeExceptionally(known == null ? failure : known);
          }
        });
  }
}
