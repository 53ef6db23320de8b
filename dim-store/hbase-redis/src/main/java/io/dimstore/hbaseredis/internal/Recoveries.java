// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal;

import io.dimstore.hbaseredis.internal.breaker.Breaker;
import io.dimstore.hbaseredis.internal.common.Background;
import io.dimstore.hbaseredis.internal.redis.RedisServers;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Starts the recovery of tables that may not read from a Redis server although it is in use. Either
 * their recovery failed when the server came back, or they were opened later. Incoming calls look
 * for such tables, at most every 100 ms. Thread-safe.
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

  void startIfDue() {
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
