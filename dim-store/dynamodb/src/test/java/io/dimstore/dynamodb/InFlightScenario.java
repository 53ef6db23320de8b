package io.dimstore.dynamodb;

import static io.dimstore.interleavings.Threads.require;

import io.dimstore.interleavings.Threads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Two threads submit a request each, and there is room for one. */
final class InFlightScenario implements Runnable {

  @Override
  public void run() {
    InFlight limiter = new InFlight(1);
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
