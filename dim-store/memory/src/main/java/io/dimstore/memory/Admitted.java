package io.dimstore.memory;

import io.dimstore.spi.Admission;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs the calls of a store: each through the gate, with the time at which it began, and reported
 * as one request to the server {@code memory}.
 */
record Admitted(Admission admission, StoreMetrics metrics, InstantSource clock) {

  /** What a call answers, and how many keys or entries it read or wrote. */
  record Answer<T extends @Nullable Object>(@Nullable T value, int keys) {}

  /**
   * Runs one call on the caller's thread.
   *
   * @param weight how many keys the gate counts
   * @param work is given the store's time in epoch milliseconds
   */
  <T extends @Nullable Object> CompletionStage<T> call(
      StoreMetrics.Operation operation, int weight, LongFunction<Answer<T>> work) {
    return admission.admit(
        weight,
        deadline -> {
          long begin = System.nanoTime();
          try {
            Answer<T> answer = work.apply(clock.millis());
            report(operation, answer.keys(), begin, null);
            return CompletableFuture.completedFuture(answer.value());
          } catch (StoreException e) {
            report(operation, weight, begin, e.kind());
            throw e;
          }
        });
  }

  private void report(
      StoreMetrics.Operation operation,
      int keys,
      long begin,
      StoreException.@Nullable Kind failure) {
    long nanos = System.nanoTime() - begin;
    metrics.request(
        new StoreMetrics.Request(
            MemoryStoreFactory.ID, operation, keys, 0, nanos, 0, 0, 0, failure));
  }
}
