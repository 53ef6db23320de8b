// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.oracle;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** The business rules, implemented from the text of docs/features.md. */
final class OracleRules {

  private static final BigInteger TEN_THOUSAND = BigInteger.valueOf(10_000);

  private OracleRules() {}

  static long returnRatio(long returns, long buys) {
    return returns + buys == 0
        ? 0
        : BigInteger.valueOf(returns)
            .multiply(TEN_THOUSAND)
            .divide(BigInteger.valueOf(returns + buys))
            .longValueExact();
  }

  static @Nullable Long priceDeviation(OracleEvent e, @Nullable Long listPrice) {
    if (!e.type().equals("buy") && !e.type().equals("return")) {
      return null;
    }
    if (listPrice == null || listPrice < 1 || listPrice > 1_000_000_000 || e.quantity() < 1) {
      return null;
    }
    BigInteger listed = BigInteger.valueOf(e.quantity()).multiply(BigInteger.valueOf(listPrice));
    BigInteger deviation =
        BigInteger.valueOf(e.amount()).multiply(TEN_THOUSAND).divide(listed).subtract(TEN_THOUSAND);
    return deviation.min(BigInteger.valueOf(1_000_000)).longValueExact();
  }

  static int riskScore(
      OracleEvent e,
      OracleWindow minute,
      OracleWindow hour,
      OracleWindow month,
      @Nullable Long deviation,
      boolean userKnown,
      boolean itemKnown,
      @Nullable Integer level) {
    long score = minute.events >= 100 ? 25 : minute.events / 4;
    if (hour.spend >= 500_000) {
      score += 20;
    } else if (hour.spend >= 100_000) {
      score += 10;
    }
    if (month.buys + month.returns > 2) {
      long ratio = returnRatio(month.returns, month.buys);
      if (ratio >= 5_000) {
        score += 20;
      } else if (ratio >= 2_000) {
        score += 10;
      }
    }
    if (e.type().equals("return") && month.buys == 0) {
      score += 10;
    }
    if (deviation != null) {
      if (deviation >= 5_000 || deviation <= -5_000) {
        score += 15;
      } else if (deviation >= 2_000 || deviation <= -2_000) {
        score += 8;
      }
    }
    if (!userKnown) {
      score += 15;
    }
    if (!itemKnown) {
      score += 5;
    }
    if (level != null && level > 0) {
      score -= level > 3 ? 15 : level * 5;
    }
    if (score < 0) {
      return 0;
    }
    return score > 100 ? 100 : (int) score;
  }

  static String decision(int score) {
    return score < 25 ? "allow" : score < 50 ? "review" : "deny";
  }

  static int rfm(OracleWindow month) {
    long net = month.spend - month.returned;
    int money = net < 1 ? 0 : net < 20_000 ? 1 : net < 100_000 ? 2 : net < 500_000 ? 3 : 4;
    long n = month.buys;
    int often = n < 1 ? 0 : n < 10 ? 1 : n < 50 ? 2 : n < 200 ? 3 : 4;
    long i = month.items.size();
    int broad = i < 1 ? 0 : i < 5 ? 1 : i < 30 ? 2 : i < 100 ? 3 : 4;
    return money + often + broad;
  }

  static String tier(int rfm) {
    if (rfm <= 1) {
      return "none";
    }
    if (rfm <= 4) {
      return "bronze";
    }
    if (rfm <= 7) {
      return "silver";
    }
    return rfm <= 10 ? "gold" : "platinum";
  }

  static String offer(OracleEvent e, String tier, @Nullable OracleUser user) {
    if (e.type().equals("return")) {
      return "size-advice";
    }
    if (user == null) {
      return "sign-up";
    }
    if (e.type().equals("cart") || e.type().equals("favorite")) {
      return "complete-basket";
    }
    boolean uk = user.country() != null && user.country().equals("United Kingdom");
    if (tier.equals("platinum")) {
      Integer level = user.level();
      return level != null && level > 1 ? "private-sale" : "free-upgrade";
    }
    if (tier.equals("gold")) {
      return uk ? "next-day-delivery" : "free-shipping";
    }
    if (tier.equals("silver")) {
      return uk ? "free-delivery" : "shipping-discount";
    }
    return tier.equals("bronze") ? "bundle" : "welcome";
  }
}
