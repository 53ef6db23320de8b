// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateBoundTest {

  /** Means of Garwood's table: half the 95 % quantile of chi-square with 2 (k + 1) degrees. */
  @ParameterizedTest
  @CsvSource({"0, 2.9957", "1, 4.7439", "2, 6.2958", "5, 10.5130", "10, 16.9622", "100, 118.0799"})
  void upperBoundIsTheExactPoissonBound(long events, double mean) {
    assertThat(RateBound.upper(events, 1_000_000)).isCloseTo(mean / 1e6, within(1e-9));
  }

  @Test
  void nothingTriedShowsNothing() {
    assertThat(RateBound.upper(0, 0)).isEqualTo(1);
  }

  @Test
  void boundOfManyEventsIsAboveTheirShare() {
    assertThat(RateBound.upper(2_000_000, 10_000_000)).isBetween(0.2, 0.2003);
  }
}
