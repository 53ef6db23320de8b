// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

import io.dimstore.features.oracle.FeatureOracle;
import io.dimstore.features.oracle.OracleEvent;
import io.dimstore.features.oracle.OracleRow;
import io.dimstore.features.oracle.OracleSink;
import io.dimstore.features.rules.ReturnRatioBp;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

/** The oracle's look-backs as text, and the operator's in the same form. */
final class Expected implements OracleSink {

  static final String TOO_LATE = "too late";

  private final FeatureOracle oracle;
  private String last = "";

  Expected(Duration lateness) {
    oracle = new FeatureOracle(Map.of(), Map.of(), lateness);
  }

  String of(OracleEvent event) {
    oracle.accept(event, this);
    return last;
  }

  @Override
  public void features(OracleEvent event, OracleRow risk, OracleRow marketing) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (String w : LookBackWindows.NAMES) {
      for (String name : new String[] {"events_", "spend_", "items_", "return_ratio_bp_"}) {
        values.put(name + w, Objects.requireNonNull(risk.get(name + w)));
      }
      for (String name : new String[] {"buys_", "returned_"}) {
        values.put(name + w, Objects.requireNonNull(marketing.get(name + w)));
      }
    }
    last = event.eventId() + values;
  }

  @Override
  public void tooLate(OracleEvent event) {
    last = TOO_LATE;
  }

  /** The operator's aggregates, which {@code next} yields in the order of the columns. */
  static String text(String eventId, LongSupplier next) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (String w : LookBackWindows.NAMES) {
      long events = next.getAsLong();
      long buys = next.getAsLong();
      long returns = next.getAsLong();
      values.put("events_" + w, events);
      values.put("spend_" + w, next.getAsLong());
      long returned = next.getAsLong();
      values.put("items_" + w, next.getAsLong());
      values.put(
          "return_ratio_bp_" + w, Objects.requireNonNull(new ReturnRatioBp().eval(returns, buys)));
      values.put("buys_" + w, buys);
      values.put("returned_" + w, returned);
    }
    return eventId + values;
  }
}
