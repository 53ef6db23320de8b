package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import java.time.Duration;

/**
 * What the connections to all servers of Redis have in common.
 *
 * @param meter is told of every request
 * @param timer ends requests at their deadlines
 * @param slow the rule by which answers are slow
 * @param breakers of all servers
 * @param timeout how long a request is waited for, from its admission on
 * @param connections to each server
 * @param maxRequests that may wait for one server
 * @param maxBytes of them
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
   * @throws StoreException INVALID for one that makes no sense
   */
  static RedisSetup of(StoreConfig options, Meter meter) {
    Duration timeout = options.get(HBaseRedisOptions.REDIS_TIMEOUT);
    Duration slow = options.get(HBaseRedisOptions.REDIS_SLOW_AFTER);
    if (slow.isZero()) {
      throw StoreException.invalid("Option 'redis.slow-after' must be more than 0.");
    }
    long tick = Math.min(slow.toNanos() / 2, timeout.toNanos() / 16);
    return new RedisSetup(
        meter,
        new RedisTimer(Math.min(Math.max(tick, LEAST_TICK), MOST_TICK), meter),
        new SlowAnswers(slow, timeout),
        new Breakers(meter),
        timeout,
        options.get(HBaseRedisOptions.REDIS_CONNECTIONS),
        options.get(HBaseRedisOptions.REDIS_MAX_QUEUED),
        options.get(HBaseRedisOptions.REDIS_MAX_QUEUED_MEGABYTES) * MEGABYTE);
  }
}
