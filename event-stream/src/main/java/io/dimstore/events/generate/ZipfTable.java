// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.generate;

/**
 * Samples Zipf's distribution over n ranks. The probability of rank k (from 0) is exactly
 * proportional to (k + 1)^-s, for every exponent s from 0 up; 0 is uniform. Sampling inverts a
 * table of the cumulative probabilities and uses no approximation. The table is computed with
 * {@link StrictMath}, so that every machine draws the same ranks. It takes 8 bytes per rank.
 */
final class ZipfTable {

  private final double[] cumulative;

  ZipfTable(int ranks, double exponent) {
    double[] sums = new double[ranks];
    double sum = 0;
    double lost = 0;
    for (int k = 0; k < ranks; k++) {
      // Kahan summation: without it, rounding would lose the small terms of the tail.
      double term = StrictMath.pow(k + 1.0, -exponent) - lost;
      double next = sum + term;
      lost = (next - sum) - term;
      sum = next;
      sums[k] = sum;
    }
    for (int k = 0; k < ranks; k++) {
      sums[k] /= sum;
    }
    sums[ranks - 1] = 1.0;
    this.cumulative = sums;
  }

  /**
   * Returns the rank whose interval of cumulative probability contains {@code u}.
   *
   * @param u in [0, 1)
   */
  int rank(double u) {
    int low = 0;
    int high = cumulative.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (cumulative[middle] > u) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** Returns the probability of a rank. */
  double probability(int rank) {
    return rank == 0 ? cumulative[0] : cumulative[rank] - cumulative[rank - 1];
  }
}
