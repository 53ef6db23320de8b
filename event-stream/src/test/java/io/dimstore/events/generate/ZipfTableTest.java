// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZipfTableTest {

  private static final int RANKS = 100;
  private static final int DRAWS = 400_000;

  /**
   * With 99 degrees of freedom, chi-squared exceeds this value in about one of a million samples.
   */
  private static final double CHI_SQUARED_LIMIT = 178;

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 0.99, 1.0, 1.2, 2.0})
  void drawsFollowTheExactDistribution(double exponent) {
    assertThat(chiSquared(sample(exponent), exponent)).isLessThan(CHI_SQUARED_LIMIT);
  }

  @Test
  void testDetectsASlightlyWrongExponent() {
    assertThat(chiSquared(sample(1.0), 1.02)).isGreaterThan(CHI_SQUARED_LIMIT);
    assertThat(chiSquared(sample(1.0), 0.98)).isGreaterThan(CHI_SQUARED_LIMIT);
  }

  @Test
  void probabilitiesAreThoseOfTheFormula() {
    ZipfTable table = new ZipfTable(1_000, 1.0);
    BigDecimal sum = BigDecimal.ZERO;
    for (int k = 1; k <= 1_000; k++) {
      sum = sum.add(BigDecimal.ONE.divide(BigDecimal.valueOf(k), MathContext.DECIMAL128));
    }
    double harmonic = sum.doubleValue();

    for (int rank : new int[] {0, 1, 9, 99, 999}) {
      assertThat(table.probability(rank)).isCloseTo(1 / ((rank + 1) * harmonic), within(1e-15));
    }
  }

  @Test
  void theWholeUnitIntervalIsCovered() {
    ZipfTable table = new ZipfTable(1_000_000, 1.1);

    assertThat(table.rank(0)).isZero();
    assertThat(table.rank(Math.nextDown(1.0))).isEqualTo(999_999);
  }

  @Test
  void aSingleRankIsAlwaysDrawn() {
    ZipfTable table = new ZipfTable(1, 1.0);

    assertThat(table.rank(0)).isZero();
    assertThat(table.rank(0.999)).isZero();
  }

  private static long[] sample(double exponent) {
    ZipfTable table = new ZipfTable(RANKS, exponent);
    SplitMix64 random = new SplitMix64(20_240_101);
    long[] counts = new long[RANKS];
    for (int i = 0; i < DRAWS; i++) {
      counts[table.rank(random.nextDouble())]++;
    }
    return counts;
  }

  /**
   * Computes chi-squared against probabilities that are computed here and not taken from the table.
   */
  private static double chiSquared(long[] counts, double exponent) {
    double sum = 0;
    for (int k = 1; k <= RANKS; k++) {
      sum += Math.pow(k, -exponent);
    }
    double chiSquared = 0;
    for (int k = 1; k <= RANKS; k++) {
      double expected = DRAWS * Math.pow(k, -exponent) / sum;
      chiSquared += (counts[k - 1] - expected) * (counts[k - 1] - expected) / expected;
    }
    return chiSquared;
  }
}
