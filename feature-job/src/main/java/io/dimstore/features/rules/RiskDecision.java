// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.rules;

import org.apache.flink.table.functions.ScalarFunction;
import org.jspecify.annotations.Nullable;

/** {@code RISK_DECISION(risk_score)}: allow, review or deny. */
public final class RiskDecision extends ScalarFunction {

  private static final long serialVersionUID = 1L;

  /** Called by Flink. */
  public RiskDecision() {}

  /**
   * Returns deny for scores of at least 50, review for scores of at least 25, and allow below.
   * Without a score, returns review.
   */
  public String eval(@Nullable Integer score) {
    if (score == null) {
      return "review";
    }
    if (score >= 50) {
      return "deny";
    }
    return score >= 25 ? "review" : "allow";
  }
}
