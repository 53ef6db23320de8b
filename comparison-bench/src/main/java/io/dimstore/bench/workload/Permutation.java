// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.workload;

import java.util.random.RandomGenerator;

/** Random orders. */
public final class Permutation {

  private Permutation() {}

  /** Returns the numbers from 0 to {@code count - 1} in random order. */
  public static int[] of(int count, RandomGenerator random) {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    return order;
  }
}
