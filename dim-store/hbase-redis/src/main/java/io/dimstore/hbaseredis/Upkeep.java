package io.dimstore.hbaseredis;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The asynchronous repair: once an interval a call that comes in also settles the marks that died
 * writers have left, and then counts those that stand. A store that nobody calls asks nothing.
 * Thread-safe.
 */
final class Upkeep {

  private static final int KEYS = 100_000;

  private final long intervalNanos;
  private final Breaker breaker;
  private final Background background;
  private final Supplier<Collection<HBaseRedisTable>> tables;
  private final AtomicLong due;

  Upkeep(
      Duration interval,
      Breaker breaker,
      Background background,
      Supplier<Collection<HBaseRedisTable>> tables) {
    this.intervalNanos = interval.toNanos();
    this.breaker = breaker;
    this.background = background;
    this.tables = tables;
    this.due = new AtomicLong(System.nanoTime() + intervalNanos);
  }

  /** Begins the work if it is due; at most one caller an interval does. */
  void poke() {
    long at = due.get();
    long now = System.nanoTime();
    if (now - at < 0 || !due.compareAndSet(at, now + intervalNanos)) {
      return;
    }
    // While Redis is away there is nothing to settle with; the number that waits is worth knowing.
    boolean settles = breaker.allowsWrites();
    CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
    for (HBaseRedisTable table : tables.get()) {
      all = all.thenCompose(done -> table.keepUp(settles, KEYS));
    }
    background.run(all);
  }
}
