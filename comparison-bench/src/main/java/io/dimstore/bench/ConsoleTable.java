package io.dimstore.bench;

import java.util.ArrayList;
import java.util.List;

/** A plain-text table: the first column left-aligned, the others right-aligned. */
final class ConsoleTable {

  private final List<List<String>> rows = new ArrayList<>();

  ConsoleTable row(String... cells) {
    rows.add(List.of(cells));
    return this;
  }

  String render() {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder out = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      for (int i = 0; i < columns; i++) {
        String cell = rows.get(r).get(i);
        String pad = " ".repeat(widths[i] - cell.length());
        out.append(i == 0 ? cell + pad : "  " + pad + cell);
      }
      out.append('\n');
      if (r == 0) {
        for (int i = 0; i < columns; i++) {
          out.append(i == 0 ? "" : "  ").append("-".repeat(widths[i]));
        }
        out.append('\n');
      }
    }
    return out.toString();
  }

  /** The table that ends a comparison. */
  static String of(Results results) {
    ConsoleTable table =
        new ConsoleTable()
            .row(
                "arm",
                "events",
                "risk",
                "marketing",
                "found/asked",
                "≠oracle",
                "dead",
                "events/s",
                "CPU s/M",
                "servers",
                "req/event",
                "p50 ms",
                "p95 ms",
                "p99 ms");
    for (Results.ArmResult arm : results.arms()) {
      double servers =
          arm.serverCpuSecondsPerMillionEvents().values().stream().mapToDouble(d -> d).sum();
      table.row(
          arm.name(),
          Figures.count(arm.events()),
          Figures.count(arm.features().risk()),
          Figures.count(arm.features().marketing()),
          Figures.count(arm.lookups().found()) + "/" + Figures.count(arm.lookups().asked()),
          Figures.count(arm.oracleMismatches()),
          Figures.count(arm.deadLetters()),
          Figures.measure(arm.eventsPerSecond()),
          Figures.measure(arm.cpuSecondsPerMillionEvents()),
          Figures.measure(servers),
          Figures.measure(arm.requestsPerEvent()),
          Figures.measure(arm.latencyMillis().p50()),
          Figures.measure(arm.latencyMillis().p95()),
          Figures.measure(arm.latencyMillis().p99()));
    }
    return table.render();
  }
}
