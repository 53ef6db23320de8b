// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import java.util.Arrays;

/** Keys with an exact Zipf distribution: key 0 is the most frequent one. Thread-safe. */
final class ZipfKeys {

  private final double[] cumulative;

  ZipfKeys(int keys, double exponent) {
    this.cumulative = new double[keys];
    double sum = 0;
    for (int i = 0; i < keys; i++) {
      sum += Math.pow(i + 1, -exponent);
      cumulative[i] = sum;
    }
  }

  /** Returns the key of a number that is uniform between 0 and 1. */
  int at(double uniform) {
    int found = Arrays.binarySearch(cumulative, uniform * cumulative[cumulative.length - 1]);
    return found < 0 ? -found - 1 : found;
  }
}
