// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.capacity;

import static io.dimstore.interleavings.Threads.require;

import io.dimstore.interleavings.Threads;
import io.dimstore.spi.support.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Two threads reserve the only available unit. */
final class CapacityLimiterScenario implements Runnable {

  private static final Deadline LATER = Deadline.after(Duration.ofHours(1));

  @Override
  public void run() {
    AtomicLong clock = new AtomicLong();
    List<Runnable> timers = new ArrayList<>();
    CapacityLimiter limiter =
        new CapacityLimiter(1, clock::get, (task, delay, unit) -> timers.add(task));
    CompletableFuture<?>[] go = new CompletableFuture<?>[2];
    Threads.run(() -> go[0] = limiter.reserve(1, LATER), () -> go[1] = limiter.reserve(1, LATER));
    require(go[0].isDone() != go[1].isDone(), "one of the two gets the unit at once");
    require(limiter.waiting() == 1, "the other one waits");
    clock.addAndGet(1_000_000_000);
    List.copyOf(timers).forEach(Runnable::run);
    require(go[0].isDone() && go[1].isDone(), "the other one gets a unit a second later");
  }
}
