// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.rules;

import org.apache.flink.table.functions.ScalarFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@code OFFER(event_type, tier, user_known, country, level)}: the name of the offer to show next.
 */
public final class Offer extends ScalarFunction {

  private static final long serialVersionUID = 1L;

  /** Called by Flink. */
  public Offer() {}

  /** Returns the name of the offer. The first matching rule determines it. */
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
