// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.workload;

import io.dimstore.bench.subject.BenchException;
import io.dimstore.bench.subject.Stages;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a fixed number of calls in flight until all batches are done. Each call that completes
 * starts the next one.
 */
public final class ClosedLoop<T> {

  private final List<T> batches;
  private final Function<T, ? extends CompletionStage<?>> call;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger left;
  private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

  private ClosedLoop(List<T> batches, Function<T, ? extends CompletionStage<?>> call) {
    this.batches = batches;
    this.call = call;
    this.left = new AtomicInteger(batches.size());
  }

  /**
   * Calls the function for every batch, and returns when all calls have completed.
   *
   * @throws BenchException if a call failed
   */
  public static <T> void run(
      List<T> batches, int inFlight, Function<T, ? extends CompletionStage<?>> call) {
    if (batches.isEmpty()) {
      return;
    }
    ClosedLoop<T> loop = new ClosedLoop<>(batches, call);
    for (int i = 0; i < inFlight; i++) {
      loop.proceed();
    }
    Stages.await(loop.end);
  }

  /**
   * Starts the next calls. This is a loop instead of a recursion because a call may have completed
   * when it returns.
   */
  private void proceed() {
    while (true) {
      int index = next.getAndIncrement();
      if (index >= batches.size() || end.isDone()) {
        return;
      }
      CompletableFuture<?> running;
      try {
        running = call.apply(batches.get(index)).toCompletableFuture();
      } catch (RuntimeException e) {
        running = CompletableFuture.failedFuture(e);
      }
      if (!running.isDone()) {
        running.whenComplete(
            (value, failure) -> {
              if (continues(failure)) {
                proceed();
              }
            });
        return;
      }
      if (!continues(running.<@Nullable Throwable>handle((value, failure) -> failure).join())) {
        return;
      }
    }
  }

  private boolean continues(@Nullable Throwable failure) {
    if (failure != null) {
      end.completeExceptionally(failure);
    } else if (left.decrementAndGet() == 0) {
      end.complete(null);
    }
    return !end.isDone();
  }
}
