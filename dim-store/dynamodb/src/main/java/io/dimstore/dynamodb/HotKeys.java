package io.dimstore.dynamodb;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys that ask for the most, found in bounded memory (Space-Saving: a key that is not counted
 * takes the place and the count of the least one). Any key that asks for more than a {@value
 * #COUNTERS}th of all is among them, and no count is too low; each says by how much it may be too
 * high. What is old counts less: all is halved now and then. Thread-safe.
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
   * A key and what it asked for.
   *
   * @param weight at least what it asked for
   * @param error by how much the weight may be too high
   * @param share of all that was asked for, 0 to 1
   */
  record Hot(Object key, double weight, double error, double share) {}

  /** Counts a key, which is kept and compared with equals. */
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

  /** The first of them, the hottest before. */
  synchronized List<Hot> top(int most) {
    List<Hot> all = new ArrayList<>(used);
    for (int i = 0; i < used; i++) {
      all.add(new Hot(keys[i], weights[i], errors[i], weights[i] / total));
    }
    all.sort(Comparator.comparingDouble(Hot::weight).reversed());
    return List.copyOf(all.subList(0, Math.min(most, used)));
  }

  /** Makes what was counted so far count half. */
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
