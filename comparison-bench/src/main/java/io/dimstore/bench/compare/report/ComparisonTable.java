// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.report;

import io.dimstore.bench.compare.settings.TimedPart;
import io.dimstore.cli.report.ConsoleTable;
import io.dimstore.cli.report.NumberFormats;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Formats the tables that are printed at the end of a comparison. */
public final class ComparisonTable {

  private ComparisonTable() {}

  /**
   * Returns the table of results, with the timed figures if the job was warm, and then a table of
   * the CPU time of the local servers.
   */
  public static String of(Results results) {
    return results.timed()
        ? arms(results)
            + paragraph(WarmUp.warning(results.arms()))
            + "\nCPU of the local servers, s per million events. It is the cost of emulators and of"
            + " servers in one process,\nnot that of a cluster or a cloud service:\n"
            + servers(results)
        : arms(results)
            + "\n"
            + TimedPart.whyNone(results.input().events(), results.run().pacedEvents())
            + "\n";
  }

  private static String paragraph(String text) {
    return text.isEmpty() ? "" : "\n" + text + "\n";
  }

  private static String arms(Results results) {
    List<String> head =
        new ArrayList<>(
            List.of("arm", "events", "risk", "marketing", "found/asked", "≠oracle", "dead"));
    head.add("req/event");
    if (results.timed()) {
      head.addAll(List.of("events/s", "job CPU s/M", "p50 ms", "p95 ms", "p99 ms"));
    }
    ConsoleTable table = new ConsoleTable().row(head.toArray(String[]::new));
    for (Results.ArmResult arm : results.arms()) {
      List<String> row =
          new ArrayList<>(
              List.of(
                  arm.name(),
                  NumberFormats.count(arm.events()),
                  NumberFormats.count(arm.features().risk()),
                  NumberFormats.count(arm.features().marketing()),
                  NumberFormats.count(arm.lookups().found())
                      + "/"
                      + NumberFormats.count(arm.lookups().asked()),
                  NumberFormats.count(arm.oracleMismatches()),
                  NumberFormats.count(arm.deadLetters()),
                  NumberFormats.measure(arm.requestsPerEvent())));
      if (results.timed()) {
        row.add(NumberFormats.measure(arm.eventsPerSecond()));
        row.add(NumberFormats.measure(arm.cpuSecondsPerMillionEvents()));
        row.add(NumberFormats.measure(arm.latencyMillis().p50()));
        row.add(NumberFormats.measure(arm.latencyMillis().p95()));
        row.add(NumberFormats.measure(arm.latencyMillis().p99()));
      }
      table.row(row.toArray(String[]::new));
    }
    return table.render();
  }

  private static String servers(Results results) {
    TreeSet<String> servers = new TreeSet<>();
    results.arms().forEach(arm -> servers.addAll(arm.serverCpuSecondsPerMillionEvents().keySet()));
    List<String> head = new ArrayList<>(List.of("arm"));
    head.addAll(servers);
    ConsoleTable table = new ConsoleTable().row(head.toArray(String[]::new));
    for (Results.ArmResult arm : results.arms()) {
      List<String> row = new ArrayList<>(List.of(arm.name()));
      for (String server : servers) {
        row.add(
            NumberFormats.measure(
                arm.serverCpuSecondsPerMillionEvents().getOrDefault(server, Double.NaN)));
      }
      table.row(row.toArray(String[]::new));
    }
    return table.render();
  }
}
