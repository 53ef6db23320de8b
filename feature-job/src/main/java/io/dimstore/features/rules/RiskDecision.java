package io.dimstore.features.rules;

import org.apache.flink.table.functions.ScalarFunction;
import org.jspecify.annotations.Nullable;

/** {@code RISK_DECISION(risk_score)}: allow, review or deny. */
public final class RiskDecision extends ScalarFunction {

  private static final long serialVersionUID = 1L;

  /** For Flink. */
  public RiskDecision() {}

  /** Deny from 50, review from 25; without a score, review. */
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
