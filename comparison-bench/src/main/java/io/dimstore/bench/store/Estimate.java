package io.dimstore.bench.store;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A median and the interval that holds it with 95 % confidence.
 *
 * @param median of the values
 * @param low the lower end, by the bootstrap's percentiles
 * @param high the upper end
 */
record Estimate(double median, double low, double high) {

  private static final int RESAMPLES = 4_000;

  /** What an estimate says about a target. */
  enum Verdict {
    REACHED,
    BELOW,
    INCONCLUSIVE;

    String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Of at least one value; the same seed gives the same interval. */
  static Estimate of(List<Double> values, long seed) {
    double[] sample = values.stream().mapToDouble(Double::doubleValue).toArray();
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

  /** Inconclusive where the interval spans the target. */
  Verdict against(double target) {
    if (low >= target) {
      return Verdict.REACHED;
    }
    return high < target ? Verdict.BELOW : Verdict.INCONCLUSIVE;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
