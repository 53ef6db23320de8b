package io.dimstore.features.rules;

import org.apache.flink.table.functions.ScalarFunction;
import org.jspecify.annotations.Nullable;

/** {@code RETURN_RATIO_BP(returns, buys)}: returns among purchases and returns, in basis points. */
public final class ReturnRatioBp extends ScalarFunction {

  private static final long serialVersionUID = 1L;

  /** For Flink. */
  public ReturnRatioBp() {}

  /** From 0 to 10,000, rounded down; 0 where there is neither; null if an argument is. */
  public @Nullable Long eval(@Nullable Long returns, @Nullable Long buys) {
    if (returns == null || buys == null) {
      return null;
    }
    long both = returns + buys;
    return both == 0 ? 0 : returns * 10_000 / both;
  }
}
