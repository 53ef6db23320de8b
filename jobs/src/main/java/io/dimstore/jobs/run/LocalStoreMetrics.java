// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.run;

import io.dimstore.flink.DimMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * The metrics of a store in a job that runs in this process. There are none if the job runs
 * elsewhere.
 */
public final class LocalStoreMetrics {

  /**
   * Part of the names of ages. They change all the time, so a changed age is not shown as progress.
   */
  private static final String AGE = ".ms.";

  private final String store;
  private final String prefix;

  /** Creates the view of the metrics of one store, by its id. */
  public LocalStoreMetrics(String store) {
    this.store = store;
    this.prefix = "store." + store + ".";
  }

  /** Returns the id of the store. */
  String store() {
    return store;
  }

  /** Returns whether the job has opened the store in this process. */
  public boolean isOpenHere() {
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

  /** Returns the lookups of each table, for people, and then the store's counts that are not 0. */
  public List<String> counts() {
    List<String> counts = new ArrayList<>(lookups());
    lines("events.", true).forEach(line -> counts.add(store + ": " + line));
    return counts;
  }

  private List<String> lookups() {
    String start = "table." + store + ".";
    String end = "." + DimMetrics.LOOKUPS;
    SortedMap<String, Double> values = DimMetrics.snapshot().values();
    List<String> lines = new ArrayList<>();
    values.forEach(
        (name, lookups) -> {
          if (name.startsWith(start) && name.endsWith(end) && lookups > 0) {
            String table = name.substring(start.length(), name.length() - end.length());
            double found =
                values.getOrDefault(DimMetrics.table(store, table, DimMetrics.LOOKUPS_FOUND), 0.0);
            lines.add(
                String.format(
                    Locale.ROOT, "%s: %,.0f lookups found %,.0f rows", table, lookups, found));
          }
        });
    return lines;
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
