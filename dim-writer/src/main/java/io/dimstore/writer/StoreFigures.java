package io.dimstore.writer;

import io.dimstore.flink.DimMetrics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a store says of itself in a job that runs in this process; nothing where it runs elsewhere.
 */
final class StoreFigures {

  /** Ages grow by themselves: that one has changed is no news. */
  private static final String AGE = ".ms.";

  private final String prefix;

  StoreFigures(String store) {
    this.prefix = "store." + store + ".";
  }

  /** Whether the job has opened the store in this process. */
  boolean areHere() {
    return DimMetrics.snapshot().values().keySet().stream().anyMatch(n -> n.startsWith(prefix));
  }

  /** Its values as of now, for people; empty where it tells none. */
  String values() {
    return String.join(", ", lines("gauges.", false));
  }

  /** The same without the ages. */
  String state() {
    return lines("gauges.", false).stream()
        .filter(line -> !line.contains(AGE))
        .collect(Collectors.joining(", "));
  }

  /** What it counted, but for what never happened. */
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
