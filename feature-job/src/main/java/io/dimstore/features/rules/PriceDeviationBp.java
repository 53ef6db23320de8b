// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.rules;

import org.apache.flink.table.functions.ScalarFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@code PRICE_DEVIATION_BP(event_type, quantity, amount, list_price)}: the deviation of the amount
 * of a purchase or return from the list price, in basis points. It is positive if the amount is
 * above the list price.
 */
public final class PriceDeviationBp extends ScalarFunction {

  private static final long serialVersionUID = 1L;
  private static final long MAX_LIST_PRICE = 1_000_000_000L;
  private static final long MAX_DEVIATION = 1_000_000L;

  /** Called by Flink. */
  public PriceDeviationBp() {}

  /** Returns the deviation, from -10,000 to 1,000,000, or null if there is nothing to compare. */
  public @Nullable Long eval(
      @Nullable String eventType,
      @Nullable Long quantity,
      @Nullable Long amount,
      @Nullable Long listPrice) {
    boolean priced = "buy".equals(eventType) || "return".equals(eventType);
    if (!priced || quantity == null || amount == null || listPrice == null) {
      return null;
    }
    if (quantity <= 0 || listPrice <= 0 || listPrice > MAX_LIST_PRICE) {
      return null;
    }
    return Math.min(amount * 10_000 / (quantity * listPrice) - 10_000, MAX_DEVIATION);
  }
}
