// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.rules;

import org.apache.flink.table.functions.ScalarFunction;
import org.jspecify.annotations.Nullable;

/** {@code CUSTOMER_TIER(rfm_score)}: none, bronze, silver, gold or platinum. */
public final class CustomerTier extends ScalarFunction {

  private static final long serialVersionUID = 1L;

  /** Called by Flink. */
  public CustomerTier() {}

  /** Returns the tier. Without a score, the tier is none. */
  public String eval(@Nullable Integer score) {
    if (score == null || score < 2) {
      return "none";
    }
    if (score < 5) {
      return "bronze";
    }
    if (score < 8) {
      return "silver";
    }
    return score < 11 ? "gold" : "platinum";
  }
}
