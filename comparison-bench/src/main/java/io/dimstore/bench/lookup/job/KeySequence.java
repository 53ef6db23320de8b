// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup.job;

import io.dimstore.bench.workload.Permutation;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Draws the keys of the events. A share of them has no row. The others follow a distribution over
 * all rows: uniform, or Zipf, where the probability of the row of rank i is proportional to 1 /
 * i^exponent, by the inverse of the cumulative distribution, so exactly. Ranks are spread over the
 * rows at random. Immutable, thread-safe.
 */
public final class KeySequence {

  private final int rows;
  private final double misses;
  private final long seed;
  private final double[] cumulative;
  private final int[] rowOfRank;

  private KeySequence(int rows, double misses, long seed, double[] cumulative, int[] rowOfRank) {
    this.rows = rows;
    this.misses = misses;
    this.seed = seed;
    this.cumulative = cumulative;
    this.rowOfRank = rowOfRank;
  }

  /**
   * Creates a sequence.
   *
   * @param exponent of the Zipf distribution; 0 is the uniform one
   * @param misses share of the events whose key has no row, 0 to 1
   */
  public static KeySequence of(int rows, double exponent, double misses, long seed) {
    double[] cumulative = new double[rows];
    double sum = 0;
    for (int rank = 0; rank < rows; rank++) {
      sum += Math.pow(rank + 1.0, -exponent);
      cumulative[rank] = sum;
    }
    for (int rank = 0; rank < rows; rank++) {
      cumulative[rank] /= sum;
    }
    int[] rowOfRank = Permutation.of(rows, new SplittableRandom(seed));
    return new KeySequence(rows, misses, seed, cumulative, rowOfRank);
  }

  /** Returns the keys of a block. The same block has the same keys, in the same order. */
  public int[] block(long number, int events) {
    SplittableRandom random = new SplittableRandom(seed * 31 + number);
    int[] keys = new int[events];
    for (int i = 0; i < events; i++) {
      boolean misses = random.nextDouble() < this.misses;
      int at = Arrays.binarySearch(cumulative, random.nextDouble());
      // The search returns the place of the next larger value as -(place + 1).
      int rank = Math.min(at < 0 ? -at - 1 : at + 1, rows - 1);
      keys[i] = rowOfRank[rank] + (misses ? rows : 0);
    }
    return keys;
  }
}
