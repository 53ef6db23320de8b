// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal;

import io.dimstore.hbaseredis.internal.common.Background;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The periodic repair. Once per interval, an incoming call also starts to reconcile the write
 * intents of writers that died, and to count those that remain. Tables do not wait for each other.
 * A new run does not begin before the previous one has ended. Without calls to the store, no repair
 * runs. Thread-safe.
 */
final class PeriodicRepair {

  private static final int KEYS = 100_000;

  private final long intervalNanos;
  private final Background background;
  private final Supplier<Collection<HBaseRedisTable>> tables;
  private final AtomicLong due;
  private final AtomicBoolean running = new AtomicBoolean();

  PeriodicRepair(
      Duration interval, Background background, Supplier<Collection<HBaseRedisTable>> tables) {
    this.intervalNanos = interval.toNanos();
    this.background = background;
    this.tables = tables;
    this.due = new AtomicLong(System.nanoTime() + intervalNanos);
  }

  /** Begins a run if one is due; at most one caller per interval does. Never blocks. */
  void startIfDue() {
    long at = due.get();
    long now = System.nanoTime();
    if (now - at < 0
        || !due.compareAndSet(at, now + intervalNanos)
        || !running.compareAndSet(false, true)) {
      return;
    }
    CompletableFuture<?>[] all =
        tables.get().stream()
            .map(table -> table.repairPeriodically(KEYS))
            .toArray(CompletableFuture[]::new);
    background.run(
        CompletableFuture.allOf(all).whenComplete((done, failure) -> running.set(false)));
  }
}
