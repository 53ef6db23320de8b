// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.measure;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The ratio of the 99th percentiles of two series of latencies, with its 95 % interval. The series
 * were measured in pairs of blocks. The interval is the percentile bootstrap over the pairs: both
 * blocks of a pair met the same disturbances, and latencies within a block depend on each other.
 *
 * @param ratio 99th percentile of the second series by that of the first
 * @param low the lower end of the interval
 * @param high the upper end of the interval
 */
record PercentileRatio(double ratio, double low, double high) {

  private static final double PART = 0.99;
  private static final int RESAMPLES = 1_000;
  private static final int BUCKETS = 2_600;

  /** Buckets of the logarithm: each is one percent wide. */
  private static final double PER_E = 100;

  /**
   * Computes the ratio.
   *
   * @param first the blocks of the first series, in nanoseconds
   * @param second the blocks of the second series, one for each of the first
   */
  static PercentileRatio of(List<long[]> first, List<long[]> second, long seed) {
    double ratio = (double) percentile(all(second), PART) / (double) percentile(all(first), PART);
    int pairs = first.size();
    int[][] firstCounts = first.stream().map(PercentileRatio::counts).toArray(int[][]::new);
    int[][] secondCounts = second.stream().map(PercentileRatio::counts).toArray(int[][]::new);
    SplittableRandom random = new SplittableRandom(seed);
    double[] ratios = new double[RESAMPLES];
    long[] ofFirst = new long[BUCKETS];
    long[] ofSecond = new long[BUCKETS];
    for (int i = 0; i < RESAMPLES; i++) {
      Arrays.fill(ofFirst, 0);
      Arrays.fill(ofSecond, 0);
      for (int j = 0; j < pairs; j++) {
        int chosen = random.nextInt(pairs);
        add(ofFirst, firstCounts[chosen]);
        add(ofSecond, secondCounts[chosen]);
      }
      ratios[i] = value(ofSecond) / value(ofFirst);
    }
    Arrays.sort(ratios);
    return new PercentileRatio(
        ratio,
        ratios[(int) Math.floor(0.025 * (RESAMPLES - 1))],
        ratios[(int) Math.ceil(0.975 * (RESAMPLES - 1))]);
  }

  /** Returns all latencies in ascending order. */
  static long[] all(List<long[]> blocks) {
    long[] all = blocks.stream().flatMapToLong(Arrays::stream).toArray();
    Arrays.sort(all);
    return all;
  }

  /** Returns the smallest value that is not below the given part of all; 0 of none. */
  static long percentile(long[] ascending, double part) {
    return ascending.length == 0
        ? 0
        : ascending[Math.max(0, (int) Math.ceil(part * ascending.length) - 1)];
  }

  private static int[] counts(long[] block) {
    int[] counts = new int[BUCKETS];
    for (long nanos : block) {
      int bucket = (int) (Math.log((double) Math.max(1, nanos)) * PER_E);
      counts[Math.min(BUCKETS - 1, bucket)]++;
    }
    return counts;
  }

  private static void add(long[] sums, int[] counts) {
    for (int i = 0; i < counts.length; i++) {
      sums[i] += counts[i];
    }
  }

  private static double value(long[] counts) {
    long all = Arrays.stream(counts).sum();
    long rank = Math.max(1, (long) Math.ceil(PART * all));
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return Math.exp((i + 0.5) / PER_E);
      }
    }
    return 1;
  }
}
