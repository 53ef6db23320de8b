// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import io.dimstore.hbaseredis.internal.breaker.Breakers;
import io.dimstore.hbaseredis.internal.breaker.SlowAnswers;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.options.HBaseRedisOptions;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import java.time.Duration;

/**
 * The settings and objects that the connections to all Redis servers share.
 *
 * @param meter reports every request to the metrics
 * @param timer ends requests at their deadlines
 * @param slow the rule by which answers are slow
 * @param breakers the breakers of all servers
 * @param timeout how long to wait for a request, from its admission
 * @param connections the number of connections to each server
 * @param maxRequests the most requests that may wait for one server or be in flight to it
 * @param maxBytes the most bytes of these requests
 */
record RedisSetup(
    Meter meter,
    RedisTimer timer,
    SlowAnswers slow,
    Breakers breakers,
    Duration timeout,
    int connections,
    int maxRequests,
    long maxBytes) {

  private static final long LEAST_TICK = 1_000_000;
  private static final long MOST_TICK = 50_000_000;
  private static final long MEGABYTE = 1 << 20;

  /**
   * Reads the options.
   *
   * @throws StoreException INVALID if {@code redis.slow-after} is 0
   */
  static RedisSetup of(StoreConfig options, Meter meter) {
    Duration timeout = options.get(HBaseRedisOptions.REDIS_TIMEOUT);
    Duration slowAfter = options.get(HBaseRedisOptions.REDIS_SLOW_AFTER);
    if (slowAfter.isZero()) {
      throw StoreException.invalid("Option 'redis.slow-after' must be more than 0.");
    }
    SlowAnswers slow = new SlowAnswers(slowAfter, timeout);
    long tick = Math.min(slowAfter.toNanos() / 2, timeout.toNanos() / 16);
    return new RedisSetup(
        meter,
        new RedisTimer(Math.min(Math.max(tick, LEAST_TICK), MOST_TICK), meter),
        slow,
        new Breakers(meter, slow),
        timeout,
        options.get(HBaseRedisOptions.REDIS_CONNECTIONS),
        options.get(HBaseRedisOptions.REDIS_MAX_QUEUED),
        options.get(HBaseRedisOptions.REDIS_MAX_QUEUED_MEGABYTES) * MEGABYTE);
  }
}
