// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dimstore.bench.stats.Estimate.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EstimateTest {

  @Test
  void theMedianIsTheMiddleOrTheMeanOfTheTwoInTheMiddle() {
    assertThat(Estimate.of(List.of(3.0, 1.0, 2.0), 1).median()).isEqualTo(2.0);
    assertThat(Estimate.of(List.of(4.0, 1.0, 3.0, 2.0), 1).median()).isEqualTo(2.5);
  }

  @Test
  void equalValuesLeaveNoDoubt() {
    assertThat(Estimate.of(List.of(0.8, 0.8, 0.8, 0.8, 0.8, 0.8), 1))
        .isEqualTo(new Estimate(0.8, 0.8, 0.8));
  }

  @Test
  void anOutlierMovesTheMedianLittle() {
    Estimate estimate = Estimate.of(List.of(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 50.0), 1);

    assertThat(estimate.median()).isEqualTo(1.0);
    assertThat(estimate.high()).isEqualTo(1.0);
  }

  @Test
  void theSameSeedGivesTheSameInterval() {
    List<Double> values = uniform(20, 3);

    assertThat(Estimate.of(values, 7)).isEqualTo(Estimate.of(values, 7));
  }

  @Test
  void theIntervalContainsTheTrueMedianAboutAsOftenAsStated() {
    int held = 0;
    for (int seed = 0; seed < 200; seed++) {
      Estimate estimate = Estimate.of(uniform(25, seed), seed);
      if (estimate.low() <= 0.5 && 0.5 <= estimate.high()) {
        held++;
      }
    }

    assertThat(held / 200.0).isCloseTo(0.95, within(0.05));
  }

  @Test
  void fewValuesHaveNoIntervalAndNoVerdict() {
    Estimate estimate = Estimate.of(List.of(0.8, 0.8, 0.8, 0.8, 0.8), 1);

    assertThat(estimate.median()).isEqualTo(0.8);
    assertThat(estimate.against(0.1)).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(estimate.against(9)).isEqualTo(Verdict.INCONCLUSIVE);
  }

  @Test
  void anIntervalThatSpansTheTargetIsInconclusive() {
    Estimate estimate = new Estimate(0.7, 0.6, 0.8);

    assertThat(estimate.against(0.6)).isEqualTo(Verdict.REACHED);
    assertThat(estimate.against(0.7)).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(estimate.against(0.8)).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(estimate.against(0.81)).isEqualTo(Verdict.BELOW);
  }

  private static List<Double> uniform(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + 17);
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(random.nextDouble());
    }
    return values;
  }
}
