// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.migration.gate.Evidence;
import io.dimstore.migration.gate.Finding;
import io.dimstore.migration.gate.GateResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Units and cost of a month, as the newest evidence has them, for people. */
final class CostFacts {

  private CostFacts() {}

  /** Returns the facts by name, in their order; empty if nothing was measured. */
  static Map<String, String> of(List<GateResult> gates) {
    Map<String, String> facts = new LinkedHashMap<>();
    for (GateResult gate : gates) {
      Finding cost = gate.finding();
      if (cost != null && cost.evidence() instanceof Evidence.Cost found) {
        facts.put(
            "a month, on demand",
            String.format(
                Locale.ROOT, "%,.2f dollars; forecast %,.2f", found.measured(), found.forecast()));
        facts.put("lookups", rate(cost, "lookupsPerSecond", "lookupsFrom", "readUnitsPerLookup"));
        facts.put("writes", rate(cost, "writesPerSecond", "writesFrom", "writeUnitsPerWrite"));
        facts.put("measured", MigrationPages.time(cost.at()));
      }
    }
    return facts;
  }

  private static String rate(Finding cost, String rate, String from, String units) {
    Map<String, String> context = cost.context();
    return figure(context, rate)
        + " per second ("
        + context.getOrDefault(from, "?")
        + "), "
        + figure(context, units)
        + " units each";
  }

  /** Returns a number of a context without zeros at its end. */
  private static String figure(Map<String, String> context, String name) {
    String value = context.getOrDefault(name, "?");
    return value.contains(".") ? value.replaceAll("\\.?0+$", "") : value;
  }
}
