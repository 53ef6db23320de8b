// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.rules;

import org.apache.flink.table.functions.ScalarFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@code RFM_SCORE(spend_30d, returned_30d, buys_30d, items_30d)}: a score for how much, how often
 * and how broadly a user has bought in 30 days, with 0 to 4 points each.
 */
public final class RfmScore extends ScalarFunction {

  private static final long serialVersionUID = 1L;

  /** Called by Flink. */
  public RfmScore() {}

  /** Returns the score, from 0 to 12. A null argument counts as 0. */
  public Integer eval(
      @Nullable Long spend30d,
      @Nullable Long returned30d,
      @Nullable Long buys30d,
      @Nullable Long items30d) {
    long net = orZero(spend30d) - orZero(returned30d);
    return grade(net, 1, 20_000, 100_000, 500_000)
        + grade(orZero(buys30d), 1, 10, 50, 200)
        + grade(orZero(items30d), 1, 5, 30, 100);
  }

  private static int grade(long value, long one, long two, long three, long four) {
    if (value >= three) {
      return value >= four ? 4 : 3;
    }
    if (value >= two) {
      return 2;
    }
    return value >= one ? 1 : 0;
  }

  private static long orZero(@Nullable Long value) {
    return value == null ? 0 : value;
  }
}
