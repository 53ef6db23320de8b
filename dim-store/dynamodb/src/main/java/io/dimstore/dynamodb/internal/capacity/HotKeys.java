// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.capacity;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the most requested keys in bounded memory, by the Space-Saving algorithm: a key without a
 * counter takes over the counter with the lowest count. Every key with more than 1/{@value
 * #COUNTERS} of all requests is among the counted ones. A count is never too low. It may be too
 * high; each key states by how much at most. {@link #age} halves all counts, so that old requests
 * weigh less. Thread-safe.
 */
final class HotKeys {

  static final int COUNTERS = 128;

  private final Map<Object, Integer> places = new HashMap<>(2 * COUNTERS);
  private final Object[] keys = new Object[COUNTERS];
  private final double[] weights = new double[COUNTERS];
  private final double[] errors = new double[COUNTERS];
  private int used;
  private double total;

  /**
   * A key and its count.
   *
   * @param weight the units requested for the key, or more
   * @param error the most by which the weight may be too high
   * @param share the weight as a fraction of the units of all keys, 0 to 1
   */
  record Hot(Object key, double weight, double error, double share) {}

  /** Adds to the count of a key. The key is retained, and compared with {@code equals}. */
  synchronized void add(Object key, double weight) {
    total += weight;
    Integer place = places.get(key);
    if (place != null) {
      weights[place] += weight;
      return;
    }
    int free = used;
    double inherited = 0;
    if (used < COUNTERS) {
      used++;
    } else {
      free = least();
      inherited = weights[free];
      places.remove(keys[free]);
    }
    keys[free] = key;
    weights[free] = inherited + weight;
    errors[free] = inherited;
    places.put(key, free);
  }

  /** Returns at most this many keys, the hottest first. */
  synchronized List<Hot> top(int most) {
    List<Hot> all = new ArrayList<>(used);
    for (int i = 0; i < used; i++) {
      all.add(new Hot(keys[i], weights[i], errors[i], weights[i] / total));
    }
    all.sort(Comparator.comparingDouble(Hot::weight).reversed());
    return List.copyOf(all.subList(0, Math.min(most, used)));
  }

  /** Halves all counts. */
  synchronized void age() {
    total /= 2;
    for (int i = 0; i < used; i++) {
      weights[i] /= 2;
      errors[i] /= 2;
    }
  }

  private int least() {
    int least = 0;
    for (int i = 1; i < used; i++) {
      if (weights[i] < weights[least]) {
        least = i;
      }
    }
    return least;
  }
}
