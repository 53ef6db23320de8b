// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.oracle;

import java.util.HashSet;
import java.util.Set;

/** One window of one event. It is computed by reading each of the user's events. */
final class OracleWindow {

  final String name;
  private final long width;
  long events;
  long buys;
  long returns;
  long spend;
  long returned;
  final Set<String> items = new HashSet<>();

  OracleWindow(String name, long width) {
    this.name = name;
    this.width = width;
  }

  void look(OracleEvent candidate, long at) {
    if (candidate.time() > at || candidate.time() <= at - width) {
      return;
    }
    events++;
    items.add(candidate.itemId());
    if (candidate.type().equals("buy")) {
      buys++;
      spend = Math.addExact(spend, candidate.amount());
    }
    if (candidate.type().equals("return")) {
      returns++;
      returned = Math.addExact(returned, candidate.amount());
    }
  }

  long returnRatio() {
    return OracleRules.returnRatio(returns, buys);
  }
}
