package io.dimstore.hbaseredis;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The periodic repair: once an interval a call that comes in also reconciles the marks that died
 * writers have left, and then counts those that are there. One table does not wait for another, and
 * nothing begins before what began earlier has ended. A store that nobody calls asks nothing.
 * Thread-safe.
 */
final class Upkeep {

  private static final int KEYS = 100_000;

  private final long intervalNanos;
  private final Background background;
  private final Supplier<Collection<HBaseRedisTable>> tables;
  private final AtomicLong due;
  private final AtomicBoolean running = new AtomicBoolean();

  Upkeep(Duration interval, Background background, Supplier<Collection<HBaseRedisTable>> tables) {
    this.intervalNanos = interval.toNanos();
    this.background = background;
    this.tables = tables;
    this.due = new AtomicLong(System.nanoTime() + intervalNanos);
  }

  /** Begins the work if it is due; at most one caller an interval does. */
  void poke() {
    long at = due.get();
    long now = System.nanoTime();
    if (now - at < 0
        || !due.compareAndSet(at, now + intervalNanos)
        || !running.compareAndSet(false, true)) {
      return;
    }
    CompletableFuture<?>[] all =
        tables.get().stream().map(table -> table.keepUp(KEYS)).toArray(CompletableFuture[]::new);
    background.run(
        CompletableFuture.allOf(all).whenComplete((done, failure) -> running.set(false)));
  }
}
