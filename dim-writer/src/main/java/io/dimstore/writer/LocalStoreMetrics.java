// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.flink.metrics.DimMetrics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The metrics of a store in a job that runs in this process. There are none if the job runs
 * elsewhere.
 */
final class LocalStoreMetrics {

  /**
   * Part of the names of ages. They change all the time, so a changed age is not shown as progress.
   */
  private static final String AGE = ".ms.";

  private final String store;
  private final String prefix;

  LocalStoreMetrics(String store) {
    this.store = store;
    this.prefix = "store." + store + ".";
  }

  /** Returns the id of the store. */
  String store() {
    return store;
  }

  /** Returns whether the job has opened the store in this process. */
  boolean isOpenHere() {
    return DimMetrics.snapshot().values().keySet().stream().anyMatch(n -> n.startsWith(prefix));
  }

  /** Returns the current gauges, for people; empty if there are none. */
  String values() {
    return String.join(", ", lines("gauges.", false));
  }

  /** Returns the current gauges without the ages. */
  String state() {
    return lines("gauges.", false).stream()
        .filter(line -> !line.contains(AGE))
        .collect(Collectors.joining(", "));
  }

  /** Returns the counts that are not 0. */
  List<String> counts() {
    return lines("events.", true);
  }

  private List<String> lines(String kind, boolean withoutZeros) {
    String start = prefix + kind;
    return DimMetrics.snapshot().values().entrySet().stream()
        .filter(value -> value.getKey().startsWith(start))
        .filter(value -> !withoutZeros || value.getValue() != 0)
        .map(value -> line(value, start.length()))
        .toList();
  }

  private static String line(Map.Entry<String, Double> value, int from) {
    return value.getKey().substring(from)
        + String.format(Locale.ROOT, " %,d", value.getValue().longValue());
  }
}
