package io.dimstore.dynamodb;

import static io.dimstore.interleavings.Threads.require;

import io.dimstore.interleavings.Threads;
import io.dimstore.spi.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Two threads want the one unit that there is. */
final class UnitBucketScenario implements Runnable {

  private static final Deadline LATER = Deadline.after(Duration.ofHours(1));

  @Override
  public void run() {
    AtomicLong clock = new AtomicLong();
    List<Runnable> timers = new ArrayList<>();
    UnitBucket bucket = new UnitBucket(1, clock::get, (task, delay, unit) -> timers.add(task));
    CompletableFuture<?>[] go = new CompletableFuture<?>[2];
    Threads.run(() -> go[0] = bucket.reserve(1, LATER), () -> go[1] = bucket.reserve(1, LATER));
    require(go[0].isDone() != go[1].isDone(), "one of the two goes at once");
    require(bucket.waiting() == 1, "the other one waits");
    clock.addAndGet(1_000_000_000);
    List.copyOf(timers).forEach(Runnable::run);
    require(go[0].isDone() && go[1].isDone(), "the other one goes a second later");
  }
}
