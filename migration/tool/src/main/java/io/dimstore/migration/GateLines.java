// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.migration.gate.GateResult;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Prints the results of gates, one a line. */
final class GateLines {

  private GateLines() {}

  /** Prints whether each gate holds, by which figures, and what to do if it does not. */
  static void print(PrintWriter out, List<GateResult> gates) {
    out.println("gates:");
    for (GateResult gate : gates) {
      out.printf(
          Locale.ROOT,
          "  %-4s %-20s %s%n",
          gate.holds() ? "ok" : "no",
          gate.gate().label(),
          gate.text() + (gate.holds() ? "" : "; next: " + gate.gate().remedy()));
    }
  }
}
