package io.dimstore.bench.forecast;

import java.util.Arrays;

/** Sizes of items, kept whole so that percentiles are exact: four bytes each. */
final class Sizes {

  private int[] bytes = new int[1024];
  private int count;
  private long total;

  void add(int size) {
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

  /** The least size that this part of all, 0 to 1, does not exceed; 0 where there is none. */
  int percentile(double part) {
    if (count == 0) {
      return 0;
    }
    int[] sorted = Arrays.copyOf(bytes, count);
    Arrays.sort(sorted);
    return sorted[Math.max(0, (int) Math.ceil(part * count) - 1)];
  }
}
