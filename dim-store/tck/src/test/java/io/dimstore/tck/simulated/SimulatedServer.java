// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.simulated;

import io.dimstore.tck.harness.Provocation;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Simulates the server of a {@link SimulatedStore}. It answers at once, unless it is made to
 * misbehave. Requests that wait while it is stuck are executed when that ends. Thread-safe.
 */
public final class SimulatedServer {

  private final Set<Waiting<?>> waiting = ConcurrentHashMap.newKeySet();
  private final AtomicInteger reorganised = new AtomicInteger();
  private volatile Provocation simulated;

  /** Misbehaves in this way until the returned function is run. */
  @SuppressWarnings("ModifyCollectionInEnhancedForLoop") // The set is concurrent.
  Runnable simulate(Provocation what) {
    if (what == Provocation.REORGANISED) {
      reorganised.incrementAndGet();
      return () -> {};
    }
    simulated = what;
    return () -> {
      simulated = null;
      for (Waiting<?> each : waiting) {
        if (waiting.remove(each)) {
          each.carryOut();
        }
      }
    };
  }

  public boolean simulates(Provocation what) {
    return simulated == what;
  }

  /** Returns how many times the partitions of its tables were moved. */
  public int reorganised() {
    return reorganised.get();
  }

  /** Executes a request now, or when the server is no longer stuck. */
  <T> Request<T> ask(Supplier<CompletionStage<T>> work) {
    Waiting<T> request = new Waiting<>(work);
    waiting.add(request);
    if (!simulates(Provocation.STUCK) && waiting.remove(request)) {
      request.carryOut();
    }
    return new Request<>(request.answer, () -> waiting.remove(request));
  }

  /**
   * A request that was sent.
   *
   * @param answer the response of the server
   * @param forget removes the request if it still waits
   */
  record Request<T>(CompletableFuture<T> answer, Runnable forget) {}

  private record Waiting<T>(Supplier<CompletionStage<T>> work, CompletableFuture<T> answer) {

    Waiting(Supplier<CompletionStage<T>> work) {
      this(work, new CompletableFuture<>());
    }

    void carryOut() {
      try {
        work.get()
            .whenComplete(
                (value, failure) -> {
                  if (failure != null) {
                    answer.completeExceptionally(failure);
                  } else {
                    answer.complete(value);
                  }
                });
      } catch (RuntimeException e) {
        answer.completeExceptionally(e);
      }
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }
}
