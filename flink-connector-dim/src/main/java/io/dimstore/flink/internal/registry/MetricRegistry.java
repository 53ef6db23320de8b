// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.registry;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** The counters, gauges and notes of this process by name. Thread-safe. */
public final class MetricRegistry {

  private static final ConcurrentMap<String, LongAdder> COUNTERS = new ConcurrentHashMap<>();
  private static final ConcurrentMap<String, Supplier<Number>> SUMS = new ConcurrentHashMap<>();
  private static final ConcurrentMap<String, AtomicLong> GAUGES = new ConcurrentHashMap<>();
  private static final ConcurrentMap<String, String> NOTES = new ConcurrentHashMap<>();

  private MetricRegistry() {}

  /** Returns the counter of this name, and creates it if it does not exist. */
  public static LongAdder counter(String name) {
    return COUNTERS.computeIfAbsent(name, ignored -> new LongAdder());
  }

  /**
   * Adds a counter that the caller increments. If the name was added before, the new counter
   * replaces the old one.
   */
  public static void addSum(String name, Supplier<Number> sum) {
    SUMS.put(name, sum);
  }

  /** Returns the gauge of this name, and creates it if it does not exist. */
  public static AtomicLong gauge(String name) {
    return GAUGES.computeIfAbsent(name, ignored -> new AtomicLong());
  }

  /** Returns whether there is a gauge of this name. */
  public static boolean isGauge(String name) {
    return GAUGES.containsKey(name);
  }

  /** Stores a text under a name, in place of the text that the name had. */
  public static void note(String name, String text) {
    NOTES.put(name, text);
  }

  /** Returns the current values of all counters and gauges. */
  public static SortedMap<String, Double> values() {
    SortedMap<String, Double> values = new TreeMap<>();
    SUMS.forEach((name, sum) -> values.put(name, sum.get().doubleValue()));
    COUNTERS.forEach((name, count) -> values.put(name, (double) count.sum()));
    GAUGES.forEach((name, value) -> values.put(name, (double) value.get()));
    return values;
  }

  /** Returns a copy of all texts. */
  public static Map<String, String> notes() {
    return Map.copyOf(NOTES);
  }
}
