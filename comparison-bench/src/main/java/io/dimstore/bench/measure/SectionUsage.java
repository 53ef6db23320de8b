// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.measure;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a section of a run took.
 *
 * @param nanos the elapsed time in nanoseconds
 * @param counts how far each counter of the {@link SectionMeter} advanced
 */
public record SectionUsage(long nanos, Map<String, Long> counts) {

  /** The usage of nothing. */
  public static final SectionUsage NONE = new SectionUsage(0, Map.of());

  /** Returns the elapsed time in seconds. */
  public double seconds() {
    return nanos / 1e9;
  }

  /** Returns how far a counter advanced, or 0 if the meter has no such counter. */
  public long of(String counter) {
    return counts.getOrDefault(counter, 0L);
  }

  /** Returns the sum of this usage and another one, counter by counter. */
  public SectionUsage plus(SectionUsage other) {
    Map<String, Long> sums = new TreeMap<>(counts);
    other.counts.forEach((counter, count) -> sums.merge(counter, count, Long::sum));
    return new SectionUsage(nanos + other.nanos, sums);
  }
}
