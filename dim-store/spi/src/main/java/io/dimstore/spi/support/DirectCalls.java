// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs the calls of a store that neither waits nor does I/O, on the caller's thread. Each call
 * passes the admission gate and is reported to the metrics. {@link BlockingCalls} is for clients
 * that block. Thread-safe.
 */
public final class DirectCalls implements AutoCloseable {

  private final Admission admission;
  private final CallMeter meter;
  private final InstantSource clock;

  /**
   * Creates the calls of one opened store.
   *
   * @param store the store's id, which the metrics get as the name of the server
   */
  public DirectCalls(String store, Admission admission, StoreMetrics metrics, InstantSource clock) {
    this.admission = admission;
    this.meter = new CallMeter(store, metrics);
    this.clock = clock;
  }

  /**
   * Runs a call.
   *
   * @param weight number of keys that the admission gate counts for this call
   * @param work receives the store's time in epoch milliseconds
   */
  public <T extends @Nullable Object> CompletionStage<T> call(
      StoreMetrics.Operation operation, int weight, LongFunction<CallResult<T>> work) {
    return admission.admit(
        weight,
        deadline -> {
          long begin = System.nanoTime();
          try {
            CallResult<T> result = work.apply(clock.millis());
            meter.report(operation, result.keys(), 0, System.nanoTime() - begin, 0, null);
            return CompletableFuture.completedFuture(result.value());
          } catch (StoreException e) {
            meter.report(operation, weight, 0, System.nanoTime() - begin, 0, e.kind());
            throw e;
          }
        });
  }

  /**
   * Refuses calls on a closed store.
   *
   * @throws StoreException CLOSED
   */
  public void requireOpen() {
    admission.requireOpen();
  }

  @Override
  public void close() {
    admission.close();
  }
}
