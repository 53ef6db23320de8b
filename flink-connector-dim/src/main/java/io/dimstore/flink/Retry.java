package io.dimstore.flink;

import io.dimstore.spi.Backoff;
import io.dimstore.spi.StoreException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request again while its failure may pass, with growing pauses, for a bounded time.
 *
 * @param timer where attempts after the first begin
 * @param timeout no attempt begins later than this after the first; 0 allows one attempt
 */
record Retry(ScheduledExecutorService timer, Duration timeout) {

  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(20), Duration.ofSeconds(2));

  /**
   * Runs a call until it succeeds, fails for good, or the time is over.
   *
   * @return fails with {@link StoreException} where the call does, with any other {@link Throwable}
   *     as it is, and completes on the thread of the last attempt
   */
  <T extends @Nullable Object> CompletableFuture<T> run(Supplier<CompletionStage<T>> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    attempt(call, result, 1, System.nanoTime() + timeout.toNanos());
    return result;
  }

  private <T extends @Nullable Object> void attempt(
      Supplier<CompletionStage<T>> call, CompletableFuture<T> result, int number, long endNanos) {
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
          long pause = BACKOFF.nanos(number);
          if (known == null
              || !known.kind().isRetryable()
              || System.nanoTime() + pause >= endNanos) {
            result.completeExceptionally(known == null ? failure : known);
            return;
          }
          try {
            timer.schedule(
                () -> attempt(call, result, number + 1, endNanos), pause, TimeUnit.NANOSECONDS);
          } catch (RejectedExecutionException e) {
            result.completeExceptionally(known);
          }
        });
  }
}
