// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MovingAverageTest {

  @Test
  void eachValueMovesTheAverageByItsWeight() {
    MovingAverage average = MovingAverage.startingAt(1, 0.25);
    average.add(5);
    assertThat(average.value()).isEqualTo(2);
    average.add(2);
    assertThat(average.value()).isEqualTo(2);
  }

  @Test
  void firstValueReplacesAnAssumedOne() {
    MovingAverage average = MovingAverage.assuming(100, 0.2);
    assertThat(average.value()).isEqualTo(100);
    average.add(5);
    assertThat(average.value()).isEqualTo(5);
    average.add(10);
    assertThat(average.value()).isEqualTo(6);
  }

  @Test
  void resetAverageForgetsEarlierValues() {
    MovingAverage average = MovingAverage.startingAt(1, 0.5);
    average.add(1);
    average.reset(0);
    average.add(1);
    assertThat(average.value()).isEqualTo(0.5);
  }

  @Test
  void averageFollowsTheShareOfAMix() {
    MovingAverage share = MovingAverage.startingAt(1, 1.0 / 16);
    Random random = new Random(1);
    int wrong = 0;
    for (int i = 0; i < 10_000; i++) {
      boolean rare = random.nextInt(5) == 0;
      wrong += (share.value() > 0.5) == rare ? 0 : 1;
      share.add(rare ? 1 : 0);
    }
    assertThat(wrong).as("of 10,000 values, a fifth of them rare").isBetween(1_800, 2_300);
  }

  @Test
  void weightOutsideOfItsRangeIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> MovingAverage.startingAt(0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> MovingAverage.startingAt(0, 1.1));
  }
}
