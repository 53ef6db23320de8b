// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesTest {

  @ParameterizedTest
  @CsvSource({"0, 0, 0", "1, 0, 10000", "0, 7, 0", "1, 2, 3333", "2, 1, 6666", ", 1, ", "1, , "})
  void returnRatio(Long returns, Long buys, Long ratio) {
    assertThat(new ReturnRatioBp().eval(returns, buys)).isEqualTo(ratio);
  }

  @ParameterizedTest
  @CsvSource({
    // type, quantity, amount, list price, deviation
    "buy,    6, 1530, 255, 0",
    "return, 1, 300,  200, 5000",
    "buy,    3, 100,  100, -6667",
    "buy,    1, 0,    100, -10000",
    "buy,    1, 1000000000000, 1, 1000000",
    "buy,    1000000000, 1000000000000, 1000000000, -10000",
    "view,   1, 300,  200,",
    "buy,    0, 300,  200,",
    "buy,    1, 300,  0,",
    "buy,    1, 300,  -5,",
    "buy,    1, 300,  1000000001,",
    "buy,    1, 300,  ,",
    "buy,    , 300,  200,",
    "buy,    1, ,  200,",
    ",       1, 300,  200,"
  })
  void priceDeviation(String type, Long quantity, Long amount, Long listPrice, Long deviation) {
    assertThat(new PriceDeviationBp().eval(type, quantity, amount, listPrice)).isEqualTo(deviation);
  }

  @ParameterizedTest
  @CsvSource({
    // type, events 1m, spend 1h, buys, returns, deviation, user, item, level, score
    "buy,    0,   0,      0, 0, 0,     true,  true,  0, 0",
    "buy,    3,   0,      0, 0, 0,     true,  true,  0, 0",
    "buy,    4,   0,      0, 0, 0,     true,  true,  0, 1",
    "buy,    1000, 0,     0, 0, 0,     true,  true,  0, 25",
    "buy,    0,   99999,  0, 0, 0,     true,  true,  0, 0",
    "buy,    0,   100000, 0, 0, 0,     true,  true,  0, 10",
    "buy,    0,   500000, 0, 0, 0,     true,  true,  0, 20",
    "buy,    0,   0,      1, 1, 0,     true,  true,  0, 0",
    "buy,    0,   0,      4, 1, 0,     true,  true,  0, 10",
    "buy,    0,   0,      2, 2, 0,     true,  true,  0, 20",
    "return, 0,   0,      0, 1, 0,     true,  true,  0, 10",
    "return, 0,   0,      0, 3, 0,     true,  true,  0, 30",
    "buy,    0,   0,      0, 0, 1999,  true,  true,  0, 0",
    "buy,    0,   0,      0, 0, -2000, true,  true,  0, 8",
    "buy,    0,   0,      0, 0, 5000,  true,  true,  0, 15",
    "buy,    0,   0,      0, 0, ,      false, true,  , 15",
    "buy,    0,   0,      0, 0, 0,     true,  false, , 5",
    "buy,    100, 0,      0, 0, 0,     true,  true,  2, 15",
    "buy,    100, 0,      0, 0, 0,     true,  true,  9, 10",
    "buy,    100, 0,      0, 0, 0,     true,  true,  -9, 25",
    "buy,    0,   0,      0, 0, 0,     true,  true,  3, 0",
    "return, 100, 500000, 0, 9, 9999,  false, false, , 100",
    ",       ,    ,       , ,  ,       ,      ,      , 0"
  })
  void riskScore(
      String type,
      Long events,
      Long spend,
      Long buys,
      Long returns,
      Long deviation,
      Boolean user,
      Boolean item,
      Integer level,
      int score) {
    assertThat(
            new RiskScore().eval(type, events, spend, buys, returns, deviation, user, item, level))
        .isEqualTo(score);
  }

  @ParameterizedTest
  @CsvSource({
    "0, allow",
    "24, allow",
    "25, review",
    "49, review",
    "50, deny",
    "100, deny",
    ", review"
  })
  void decision(Integer score, String decision) {
    assertThat(new RiskDecision().eval(score)).isEqualTo(decision);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, 0, 0",
    "1, 0, 1, 1, 3",
    "500, 500, 1, 1, 2",
    "20000, 0, 10, 5, 6",
    "99999, 0, 49, 29, 6",
    "100000, 0, 50, 30, 9",
    "500000, 0, 200, 100, 12",
    "500000, 1, 199, 99, 9",
    ", , , , 0"
  })
  void rfmScore(Long spend, Long returned, Long buys, Long items, int score) {
    assertThat(new RfmScore().eval(spend, returned, buys, items)).isEqualTo(score);
  }

  @ParameterizedTest
  @CsvSource({
    "0, none",
    "1, none",
    "2, bronze",
    "4, bronze",
    "5, silver",
    "7, silver",
    "8, gold",
    "10, gold",
    "11, platinum",
    "12, platinum",
    ", none"
  })
  void tier(Integer score, String tier) {
    assertThat(new CustomerTier().eval(score)).isEqualTo(tier);
  }

  @ParameterizedTest
  @CsvSource({
    "return,   platinum, true,  United Kingdom, 3, size-advice",
    "buy,      platinum, false, , , sign-up",
    "buy,      gold, , , , sign-up",
    "cart,     gold,     true,  France, 1, complete-basket",
    "favorite, none,     true,  , , complete-basket",
    "buy,      platinum, true,  France, 2, private-sale",
    "view,     platinum, true,  France, 1, free-upgrade",
    "view,     platinum, true,  France, , free-upgrade",
    "buy,      gold,     true,  United Kingdom, , next-day-delivery",
    "buy,      gold,     true,  , , free-shipping",
    "buy,      silver,   true,  United Kingdom, , free-delivery",
    "buy,      silver,   true,  EIRE, , shipping-discount",
    "buy,      bronze,   true,  EIRE, , bundle",
    "buy,      none,     true,  EIRE, , welcome",
    "buy,      ,         true,  EIRE, , welcome"
  })
  void offer(
      String type, String tier, Boolean userKnown, String country, Integer level, String offer) {
    assertThat(new Offer().eval(type, tier, userKnown, country, level)).isEqualTo(offer);
  }
}
