// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.write;

import io.dimstore.dynamodb.internal.capacity.DeferredCall;
import io.dimstore.spi.Key;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the writes of one key one after the other, in the order of their arrival, so that the later
 * one of two writes of equal version wins (R3). Writes of different keys run concurrently.
 * Thread-safe; never blocks.
 */
public final class PerKeyQueue {

  private final Map<Key, Queue<DeferredCall<?>>> queues = new ConcurrentHashMap<>();

  /** Runs the work when all earlier writes of the key have ended, successfully or not. */
  <T> CompletableFuture<T> submit(Key key, Supplier<CompletableFuture<T>> work) {
    DeferredCall<T> write = new DeferredCall<>(work);
    if (isFirst(key, write)) {
      runFrom(key, write);
    }
    return write.result();
  }

  /**
   * Runs this write and the next ones as long as each ends at once. This is a loop instead of a
   * recursion, because all writes of a long queue fail at once when the store closes.
   */
  private void runFrom(Key key, @Nullable DeferredCall<?> first) {
    DeferredCall<?> write = first;
    while (write != null) {
      CompletableFuture<?> running = write.begin();
      if (!running.isDone()) {
        running.whenComplete((value, failure) -> runFrom(key, next(key)));
        return;
      }
      write = next(key);
    }
  }

  private boolean isFirst(Key key, DeferredCall<?> write) {
    boolean[] first = new boolean[1];
    queues.compute(
        key,
        (k, queue) -> {
          if (queue == null) {
            first[0] = true;
            return new ArrayDeque<>(2);
          }
          queue.add(write);
          return queue;
        });
    return first[0];
  }

  private @Nullable DeferredCall<?> next(Key key) {
    @Nullable DeferredCall<?>[] next = new DeferredCall<?>[1];
    queues.computeIfPresent(
        key,
        (k, queue) -> {
          next[0] = queue.poll();
          return next[0] == null ? null : queue;
        });
    return next[0];
  }
}
