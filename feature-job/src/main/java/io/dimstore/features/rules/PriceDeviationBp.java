package io.dimstore.features.rules;

import org.apache.flink.table.functions.ScalarFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@code PRICE_DEVIATION_BP(event_type, quantity, amount, list_price)}: how far the amount of a
 * purchase or return lies above (positive) or below the list price, in basis points.
 */
public final class PriceDeviationBp extends ScalarFunction {

  private static final long serialVersionUID = 1L;
  private static final long MAX_LIST_PRICE = 1_000_000_000L;
  private static final long MAX_DEVIATION = 1_000_000L;

  /** For Flink. */
  public PriceDeviationBp() {}

  /** From -10,000 to 1,000,000; null where there is nothing to compare. */
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
