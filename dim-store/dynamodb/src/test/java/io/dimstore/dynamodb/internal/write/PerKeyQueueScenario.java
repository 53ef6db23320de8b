// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.write;

import static io.dimstore.interleavings.Threads.require;

import io.dimstore.interleavings.Threads;
import io.dimstore.spi.Key;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Two threads write one key, one of them twice. */
final class PerKeyQueueScenario implements Runnable {

  private static final Key KEY = Key.of("k");

  @Override
  public void run() {
    PerKeyQueue queue = new PerKeyQueue();
    AtomicInteger running = new AtomicInteger();
    AtomicInteger last = new AtomicInteger();
    CompletableFuture<?>[] results = new CompletableFuture<?>[3];
    Threads.run(
        () -> {
          results[0] = queue.submit(KEY, () -> write(running, last, 1));
          results[1] = queue.submit(KEY, () -> write(running, last, 2));
        },
        () -> results[2] = queue.submit(KEY, () -> write(running, last, 0)));
    for (CompletableFuture<?> result : results) {
      require(result.isDone() && !result.isCompletedExceptionally(), "a write did not run");
    }
  }

  private static CompletableFuture<Integer> write(
      AtomicInteger running, AtomicInteger last, int number) {
    require(running.incrementAndGet() == 1, "two writes of a key at a time");
    if (number > 0) {
      require(last.getAndSet(number) == number - 1, "writes of one thread out of order");
    }
    return CompletableFuture.completedFuture(running.decrementAndGet());
  }
}
