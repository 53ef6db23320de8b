// SPDX-License-Identifier: Apache-2.0
package io.dimstore.forecast;

import java.util.Arrays;

/** Collects the sizes of items. Each size is kept, in four bytes, so that percentiles are exact. */
public final class Sizes {

  private int[] bytes = new int[1024];
  private int count;
  private long total;

  /** Adds the size of an item in bytes. */
  public void add(int size) {
    if (count == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * count);
    }
    bytes[count++] = size;
    total += size;
  }

  int count() {
    return count;
  }

  long total() {
    return total;
  }

  /**
   * Returns the smallest size that is not below the given fraction of all sizes. Returns 0 if there
   * are none.
   *
   * @param part the fraction, from 0 to 1
   */
  int percentile(double part) {
    if (count == 0) {
      return 0;
    }
    int[] sorted = Arrays.copyOf(bytes, count);
    Arrays.sort(sorted);
    return sorted[Math.max(0, (int) Math.ceil(part * count) - 1)];
  }
}
