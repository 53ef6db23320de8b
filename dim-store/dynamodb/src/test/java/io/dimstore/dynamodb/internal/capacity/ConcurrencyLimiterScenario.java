// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.capacity;

import static io.dimstore.interleavings.Threads.require;

import io.dimstore.interleavings.Threads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Two threads submit a request each, with a limit of one. */
final class ConcurrencyLimiterScenario implements Runnable {

  @Override
  public void run() {
    ConcurrencyLimiter limiter = new ConcurrencyLimiter(1);
    AtomicInteger running = new AtomicInteger();
    CompletableFuture<?>[] results = new CompletableFuture<?>[2];
    Threads.run(
        () -> results[0] = limiter.submit(() -> CompletableFuture.completedFuture(one(running))),
        () -> results[1] = limiter.submit(() -> CompletableFuture.completedFuture(one(running))));
    for (CompletableFuture<?> result : results) {
      require(result.isDone() && !result.isCompletedExceptionally(), "a request did not run");
    }
    require(limiter.isIdle(), "room was lost");
  }

  private static int one(AtomicInteger running) {
    require(running.incrementAndGet() == 1, "two requests at a time");
    return running.decrementAndGet();
  }
}
