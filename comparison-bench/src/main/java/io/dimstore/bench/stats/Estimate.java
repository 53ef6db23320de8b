// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.stats;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A median with its 95 % confidence interval. Fewer than {@value #LEAST} values have no interval:
 * the bootstrap of the median would give one that holds the true median too rarely, for instance 76
 * % of the time with three values.
 *
 * @param median the median of the values
 * @param low the lower end of the interval, by the percentile bootstrap; minus infinity without one
 * @param high the upper end of the interval; infinity without one
 */
public record Estimate(double median, double low, double high) {

  /** The least number of values that have an interval. */
  public static final int LEAST = 6;

  private static final int RESAMPLES = 4_000;

  /** The result of comparing an estimate with a target. */
  public enum Verdict {
    REACHED,
    BELOW,
    INCONCLUSIVE;

    /** Returns the verdict in words. */
    public String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Estimates the median of at least one value. The same seed gives the same interval. */
  public static Estimate of(List<Double> values, long seed) {
    double[] sample = values.stream().mapToDouble(Double::doubleValue).toArray();
    if (sample.length < LEAST) {
      return new Estimate(median(sample), Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] medians = new double[RESAMPLES];
    double[] resample = new double[sample.length];
    for (int i = 0; i < RESAMPLES; i++) {
      for (int j = 0; j < resample.length; j++) {
        resample[j] = sample[random.nextInt(sample.length)];
      }
      medians[i] = median(resample);
    }
    Arrays.sort(medians);
    return new Estimate(
        median(sample),
        medians[(int) Math.floor(0.025 * (RESAMPLES - 1))],
        medians[(int) Math.ceil(0.975 * (RESAMPLES - 1))]);
  }

  /** Returns the median with the least and the largest value in place of an interval. */
  public static Estimate range(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return new Estimate(median(sorted), sorted[0], sorted[sorted.length - 1]);
  }

  /**
   * Compares this estimate with a target. The verdict is inconclusive if the interval contains the
   * target, or if there is none.
   */
  public Verdict against(double target) {
    if (low >= target) {
      return Verdict.REACHED;
    }
    return high < target ? Verdict.BELOW : Verdict.INCONCLUSIVE;
  }

  /** Returns the middle of the values, or the mean of the two in the middle. */
  public static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
