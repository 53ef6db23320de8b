// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events;

import io.dimstore.events.input.InputReport;
import io.dimstore.events.transfer.TransferReport;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Formats the counts of a transfer as a table. */
final class ReportTable {

  private ReportTable() {}

  static void print(String input, TransferReport transfer, PrintWriter out) {
    InputReport report = transfer.input();
    out.println(input);
    row(out, "lines read", report.linesRead());
    row(out, "  events", report.events());
    row(out, "  refused", report.refusedTotal());
    report.refused().forEach((reason, lines) -> row(out, "    " + reason, lines));
    row(out, "dim_user changes", report.userChanges());
    row(out, "dim_item changes", report.itemChanges());
    text(out, "sha256", report.sha256());
    double seconds = transfer.elapsed().toNanos() / 1e9;
    text(
        out,
        "took",
        String.format(Locale.ROOT, "%.1f s (%,.0f events/s)", seconds, report.events() / seconds));
    transfer.lag().ifPresent(lag -> text(out, "behind schedule", describe(lag)));
    out.flush();
  }

  private static String describe(TransferReport.Lag lag) {
    return String.format(
        Locale.ROOT,
        "p50 %.1f ms, p99 %.1f ms, max %.1f ms",
        millis(lag.p50()),
        millis(lag.p99()),
        millis(lag.max()));
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  private static void row(PrintWriter out, String name, long value) {
    out.printf(Locale.ROOT, "%-32s %,14d%n", name, value);
  }

  private static void text(PrintWriter out, String name, String value) {
    out.printf(Locale.ROOT, "%-32s %s%n", name, value);
  }
}
