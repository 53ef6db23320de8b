package io.dimstore.events;

/**
 * Zipf's distribution over n ranks: the probability of rank k (from 0) is exactly proportional to
 * (k + 1)^-s, for every s from 0 (uniform) up. It is sampled by inverting a table of the cumulative
 * probabilities, not by an approximation, and computed with {@link StrictMath}, so that every
 * machine draws alike. Takes 8 bytes a rank.
 */
final class ZipfTable {

  private final double[] cumulative;

  ZipfTable(int ranks, double exponent) {
    double[] sums = new double[ranks];
    double sum = 0;
    double lost = 0;
    for (int k = 0; k < ranks; k++) {
      // Kahan's summation: the small tail must not drown in the sum of the head.
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
   * The rank whose share of [0, 1) holds {@code u}.
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

  /** The probability of a rank. */
  double probability(int rank) {
    return rank == 0 ? cumulative[0] : cumulative[rank] - cumulative[rank - 1];
  }
}
