// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare;

import io.dimstore.bench.report.ConsoleTable;
import io.dimstore.bench.report.NumberFormats;

/** Formats the table that is printed at the end of a comparison. */
final class ComparisonTable {

  private ComparisonTable() {}

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
          NumberFormats.count(arm.events()),
          NumberFormats.count(arm.features().risk()),
          NumberFormats.count(arm.features().marketing()),
          NumberFormats.count(arm.lookups().found())
              + "/"
              + NumberFormats.count(arm.lookups().asked()),
          NumberFormats.count(arm.oracleMismatches()),
          NumberFormats.count(arm.deadLetters()),
          NumberFormats.measure(arm.eventsPerSecond()),
          NumberFormats.measure(arm.cpuSecondsPerMillionEvents()),
          NumberFormats.measure(servers),
          NumberFormats.measure(arm.requestsPerEvent()),
          NumberFormats.measure(arm.latencyMillis().p50()),
          NumberFormats.measure(arm.latencyMillis().p95()),
          NumberFormats.measure(arm.latencyMillis().p99()));
    }
    return table.render();
  }
}
