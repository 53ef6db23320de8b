package io.dimstore.features.rules;

import org.apache.flink.table.functions.ScalarFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@code OFFER(event_type, tier, user_known, country, level)}: the name of the offer to show next.
 */
public final class Offer extends ScalarFunction {

  private static final long serialVersionUID = 1L;

  /** For Flink. */
  public Offer() {}

  /** The offer's name; the first rule that fits decides. */
  public String eval(
      @Nullable String eventType,
      @Nullable String tier,
      @Nullable Boolean userKnown,
      @Nullable String country,
      @Nullable Integer level) {
    if ("return".equals(eventType)) {
      return "size-advice";
    }
    if (!Boolean.TRUE.equals(userKnown)) {
      return "sign-up";
    }
    if ("cart".equals(eventType) || "favorite".equals(eventType)) {
      return "complete-basket";
    }
    if (tier == null) {
      return "welcome";
    }
    boolean home = "United Kingdom".equals(country);
    return switch (tier) {
      case "platinum" -> level != null && level >= 2 ? "private-sale" : "free-upgrade";
      case "gold" -> home ? "next-day-delivery" : "free-shipping";
      case "silver" -> home ? "free-delivery" : "shipping-discount";
      case "bronze" -> "bundle";
      default -> "welcome";
    };
  }
}
