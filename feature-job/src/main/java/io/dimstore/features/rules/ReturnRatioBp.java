// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.rules;

import org.apache.flink.table.functions.ScalarFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@code RETURN_RATIO_BP(returns, buys)}: the share of returns among purchases and returns, in
 * basis points.
 */
public final class ReturnRatioBp extends ScalarFunction {

  private static final long serialVersionUID = 1L;

  /** Called by Flink. */
  public ReturnRatioBp() {}

  /**
   * Returns the ratio, from 0 to 10,000, rounded down. Returns 0 if there are no purchases and no
   * returns, and null if an argument is null.
   */
  public @Nullable Long eval(@Nullable Long returns, @Nullable Long buys) {
    if (returns == null || buys == null) {
      return null;
    }
    long both = returns + buys;
    return both == 0 ? 0 : returns * 10_000 / both;
  }
}
