package io.dimstore.hbaseredis;

import java.time.Duration;

/**
 * Decides which answers of Redis are slow: those that come later than the option {@code
 * redis.slow-after} says, and later than HBase takes. Redis is asked first because it is faster;
 * where it is not, asking it only costs time. The second condition also keeps Redis in use while
 * HBase is slower still. Thread-safe; an update that is lost in a race is made up for by the next.
 */
final class SlowAnswers {

  /** The last reads of HBase that the average is about. */
  private static final int WEIGHT = 16;

  private final long leastNanos;
  private final long mostNanos;
  private volatile long hbaseNanos;

  /**
   * Creates the rule.
   *
   * @param least what is never slow
   * @param most what HBase is taken to need at most: the time after which Redis is not waited for
   */
  SlowAnswers(Duration least, Duration most) {
    this.leastNanos = least.toNanos();
    this.mostNanos = most.toNanos();
  }

  /** Learns how long one read of HBase took, whether it succeeded or not. */
  void hbaseTook(long nanos) {
    long taken = Math.min(nanos, mostNanos);
    hbaseNanos += (taken - hbaseNanos) / WEIGHT;
  }

  /** Returns after how many nanoseconds an answer is slow, from the sending of its request on. */
  long boundNanos() {
    return Math.max(leastNanos, hbaseNanos);
  }
}
