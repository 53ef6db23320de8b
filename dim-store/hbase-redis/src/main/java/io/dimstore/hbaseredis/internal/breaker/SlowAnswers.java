// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.breaker;

import io.dimstore.spi.support.MovingAverage;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Decides which answers of Redis are slow. An answer is slow if it took longer on the wire than
 * {@code redis.slow-after}, and its lookup has waited longer than a read of HBase takes.
 *
 * <p>The time of HBase reads depends on the load: reads of the few rows that Redis lacks do not
 * show how long reads of all rows would take. So it is measured only while HBase answers all
 * lookups of a Redis server. The measurement counts for 2 seconds after that. Without a
 * measurement, {@code redis.slow-after} alone decides, so that lookups leave a Redis that has
 * become slow, and HBase is measured. Each time that Redis then proves faster, the next measurement
 * counts twice as long, up to a minute. Thread-safe. An update may be lost in a race; later ones
 * make up for it.
 */
public final class SlowAnswers {

  /** The weight of one read of HBase in the moving average. */
  private static final double WEIGHT = 1.0 / 16;

  private static final long FIRST_TRUST = TimeUnit.SECONDS.toNanos(2);
  private static final long MOST_TRUST = TimeUnit.MINUTES.toNanos(1);

  /**
   * If the last measurement expired longer ago than this, the next one counts for the shortest time
   * again.
   */
  private static final long RELATED = TimeUnit.SECONDS.toNanos(10);

  private final long leastNanos;
  private final long mostNanos;
  private final LongSupplier clock;
  private volatile boolean measuring;
  private volatile long measuringSince;
  private final MovingAverage hbaseNanos = MovingAverage.startingAt(0, WEIGHT);
  private volatile boolean measured;
  private volatile long trustedUntil;
  private long trust = FIRST_TRUST;

  /**
   * Creates the rule.
   *
   * @param least answers up to this time are never slow
   * @param most the longest time that lookups wait for Redis. It is the upper bound of measured
   *     HBase times, and the time that a failed read is assumed to take
   */
  public SlowAnswers(Duration least, Duration most) {
    this(least, most, System::nanoTime);
  }

  /**
   * Creates the rule with a clock.
   *
   * @param clock returns monotonic nanoseconds
   */
  SlowAnswers(Duration least, Duration most, LongSupplier clock) {
    this.leastNanos = least.toNanos();
    this.mostNanos = most.toNanos();
    this.clock = clock;
    this.trustedUntil = clock.getAsLong() - RELATED;
  }

  /**
   * Records whether HBase answers all lookups of some Redis server now. A measurement lasts as long
   * as this is true.
   */
  synchronized void hbaseAnswers(boolean all) {
    long now = clock.getAsLong();
    if (all && !measuring) {
      boolean lost = now - trustedUntil < 0;
      boolean related = now - trustedUntil < RELATED;
      trust = lost || !related ? FIRST_TRUST : Math.min(2 * trust, MOST_TRUST);
      measured = false;
      measuringSince = now;
    } else if (!all && measuring) {
      hbaseNanos.reset((double) measured(now));
      trustedUntil = now + trust;
    }
    measuring = all;
  }

  /**
   * Records how long a read of HBase took. Successful reads count only during a measurement; failed
   * reads always count.
   */
  public void hbaseTook(long nanos, boolean failed) {
    if (failed && !measuring) {
      hbaseNanos.reset((double) mostNanos);
      trustedUntil = clock.getAsLong() + FIRST_TRUST;
    } else if (measuring) {
      double taken = (double) (failed ? mostNanos : Math.min(nanos, mostNanos));
      if (measured) {
        hbaseNanos.add(taken);
      } else {
        hbaseNanos.reset(taken);
        measured = true;
      }
    }
  }

  /**
   * Returns whether an answer is slow, or would be if it came now.
   *
   * @param onWire nanoseconds since the request was sent
   * @param inAll nanoseconds since the request was admitted
   */
  boolean isSlow(long onWire, long inAll) {
    return onWire > leastNanos && inAll > hbase();
  }

  /** Whether a measurement of HBase is running, or the last one still counts. */
  boolean isCompared() {
    return measuring || clock.getAsLong() - trustedUntil < 0;
  }

  /** Returns the time, in nanoseconds, from which on answers are slow. */
  long boundNanos() {
    return Math.max(leastNanos, hbase());
  }

  private long hbase() {
    long now = clock.getAsLong();
    if (measuring) {
      return measured(now);
    }
    return now - trustedUntil < 0 ? (long) hbaseNanos.value() : 0;
  }

  /**
   * Returns the measured time. Before the first read has ended, it is the time since the
   * measurement began.
   */
  private long measured(long now) {
    return measured ? (long) hbaseNanos.value() : Math.min(now - measuringSince, mostNanos);
  }
}
