// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.rules;

import org.apache.flink.table.functions.ScalarFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@code RISK_SCORE(event_type, events_1m, spend_1h, buys_30d, returns_30d, price_deviation_bp,
 * user_known, item_known, level)}: a sum of points, 0 (no risk) to 100.
 */
public final class RiskScore extends ScalarFunction {

  private static final long serialVersionUID = 1L;

  /** Called by Flink. */
  public RiskScore() {}

  /** Returns the score, from 0 to 100. A null argument adds no points. */
  public Integer eval(
      @Nullable String eventType,
      @Nullable Long events1m,
      @Nullable Long spend1h,
      @Nullable Long buys30d,
      @Nullable Long returns30d,
      @Nullable Long priceDeviationBp,
      @Nullable Boolean userKnown,
      @Nullable Boolean itemKnown,
      @Nullable Integer level) {
    long buys = orZero(buys30d);
    long returns = orZero(returns30d);
    long points = Math.min(25, orZero(events1m) / 4);
    points += steps(orZero(spend1h), 100_000, 10, 500_000, 20);
    if (buys + returns >= 3) {
      points += steps(returns * 10_000 / (buys + returns), 2_000, 10, 5_000, 20);
    }
    if ("return".equals(eventType) && buys == 0) {
      points += 10;
    }
    points += steps(Math.abs(orZero(priceDeviationBp)), 2_000, 8, 5_000, 15);
    points += Boolean.FALSE.equals(userKnown) ? 15 : 0;
    points += Boolean.FALSE.equals(itemKnown) ? 5 : 0;
    points -= level == null ? 0 : 5L * Math.max(0, Math.min(3, level));
    return (int) Math.max(0, Math.min(100, points));
  }

  private static long steps(long value, long low, int lowPoints, long high, int highPoints) {
    if (value >= high) {
      return highPoints;
    }
    return value >= low ? lowPoints : 0;
  }

  private static long orZero(@Nullable Long value) {
    return value == null ? 0 : value;
  }
}
