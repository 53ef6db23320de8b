// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.metrics;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.HistogramStatistics;
import org.jspecify.annotations.Nullable;

/**
 * A histogram of durations in nanoseconds, exact to 1 %. Its statistics are those of about the last
 * minute. They are read at most every ten seconds, however many reporters ask, and cover a longer
 * time if nobody asks that often. Recording neither waits nor allocates. Thread-safe.
 *
 * <p>It is a class of the connector's own, so that the connector has no library that a jar for
 * Flink would have to bundle.
 */
public final class RecentLatency implements Histogram {

  private static final long MOST_NANOS = TimeUnit.HOURS.toNanos(1);
  private static final long READ_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int WINDOWS = 6;

  /** Each power of two is divided into 2^7 buckets of the same width. */
  private static final int BITS = 7;

  private static final int BUCKETS = bucket(MOST_NANOS) + 1;

  /** How many durations of each bucket were recorded since the start. */
  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);

  private final LongSupplier clock;
  private final Deque<long[]> earlier = new ArrayDeque<>();
  private @Nullable Snapshot last;
  private long readAtNanos;
  private long countOfRead;

  public RecentLatency() {
    this(System::nanoTime);
  }

  RecentLatency(LongSupplier clock) {
    this.clock = clock;
  }

  private static int bucket(long nanos) {
    int shift = Math.max(0, Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos | 1) - BITS);
    return (shift << BITS) + (int) (nanos >>> shift);
  }

  /** Returns the least duration of a bucket. */
  private static long least(int bucket) {
    int shift = Math.max(0, (bucket >> BITS) - 1);
    return (long) (bucket - (shift << BITS)) << shift;
  }

  @Override
  public void update(long nanos) {
    counts.getAndIncrement(bucket(Math.max(0, Math.min(nanos, MOST_NANOS))));
  }

  /** Returns how many durations were recorded until the statistics were read last. */
  @Override
  public synchronized long getCount() {
    read();
    return countOfRead;
  }

  @Override
  public synchronized HistogramStatistics getStatistics() {
    return read();
  }

  private Snapshot read() {
    long now = clock.getAsLong();
    Snapshot known = last;
    if (known != null && now - readAtNanos < READ_EVERY_NANOS) {
      return known;
    }
    readAtNanos = now;
    long[] all = new long[BUCKETS];
    Arrays.setAll(all, counts::get);
    countOfRead = Arrays.stream(all).sum();
    long[] recent = all.clone();
    if (earlier.size() == WINDOWS) {
      long[] before = earlier.removeFirst();
      Arrays.setAll(recent, bucket -> all[bucket] - before[bucket]);
    }
    earlier.addLast(all);
    Snapshot read = new Snapshot(recent);
    last = read;
    return read;
  }

  private static final class Snapshot extends HistogramStatistics {

    private final long[] counts;
    private final long total;

    private Snapshot(long[] counts) {
      this.counts = counts;
      this.total = Arrays.stream(counts).sum();
    }

    private static double middle(int bucket) {
      return (least(bucket) + least(bucket + 1) - 1) / 2.0;
    }

    @Override
    public double getQuantile(double quantile) {
      double wanted = Math.max(1, quantile * total);
      long passed = 0;
      for (int bucket = 0; bucket < counts.length; bucket++) {
        passed += counts[bucket];
        if (passed >= wanted) {
          return middle(bucket);
        }
      }
      return 0;
    }

    /** Returns each recorded value once. */
    @Override
    public long[] getValues() {
      long[] values = new long[counts.length];
      int size = 0;
      for (int bucket = 0; bucket < counts.length; bucket++) {
        if (counts[bucket] > 0) {
          values[size++] = least(bucket);
        }
      }
      return Arrays.copyOf(values, size);
    }

    @Override
    public int size() {
      return (int) Math.min(Integer.MAX_VALUE, total);
    }

    @Override
    public double getMean() {
      double sum = 0;
      for (int bucket = 0; bucket < counts.length; bucket++) {
        sum += counts[bucket] * middle(bucket);
      }
      return total == 0 ? 0 : sum / total;
    }

    @Override
    public double getStdDev() {
      double mean = getMean();
      double squares = 0;
      for (int bucket = 0; bucket < counts.length; bucket++) {
        double distance = middle(bucket) - mean;
        squares += counts[bucket] * distance * distance;
      }
      return total == 0 ? 0 : Math.sqrt(squares / total);
    }

    @Override
    public long getMax() {
      for (int bucket = counts.length - 1; bucket >= 0; bucket--) {
        if (counts[bucket] > 0) {
          return least(bucket + 1) - 1;
        }
      }
      return 0;
    }

    @Override
    public long getMin() {
      for (int bucket = 0; bucket < counts.length; bucket++) {
        if (counts[bucket] > 0) {
          return least(bucket);
        }
      }
      return 0;
    }
  }
}
