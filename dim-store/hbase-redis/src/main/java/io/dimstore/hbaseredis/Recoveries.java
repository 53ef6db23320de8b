package io.dimstore.hbaseredis;

import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Has tables recover that may not read from a server though it is in use: because their recovery
 * failed when the server came back, or because they were opened later. Calls that come by look for
 * such tables now and then. Thread-safe.
 */
final class Recoveries {

  private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);

  private final RedisServers servers;
  private final Background background;
  private final Supplier<Collection<HBaseRedisTable>> tables;
  private final AtomicLong due = new AtomicLong(System.nanoTime());

  Recoveries(
      RedisServers servers, Background background, Supplier<Collection<HBaseRedisTable>> tables) {
    this.servers = servers;
    this.background = background;
    this.tables = tables;
  }

  void poke() {
    if (!haveOpened()) {
      return;
    }
    long at = due.get();
    long now = System.nanoTime();
    if (now - at < 0 || !due.compareAndSet(at, now + INTERVAL)) {
      return;
    }
    for (HBaseRedisTable table : tables.get()) {
      background.run(table.recoverIfDue());
    }
  }

  private boolean haveOpened() {
    for (Breaker breaker : servers.breakers()) {
      if (breaker.openings() > 0) {
        return true;
      }
    }
    return false;
  }
}
