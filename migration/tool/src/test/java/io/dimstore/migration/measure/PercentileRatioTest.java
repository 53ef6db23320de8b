// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PercentileRatioTest {

  @Test
  void percentileIsTheSmallestValueThatIsNotBelowThePart() {
    long[] hundred = LongStream.rangeClosed(1, 100).toArray();
    assertThat(PercentileRatio.percentile(hundred, 0.5)).isEqualTo(50);
    assertThat(PercentileRatio.percentile(hundred, 0.99)).isEqualTo(99);
    assertThat(PercentileRatio.percentile(new long[] {7}, 0.99)).isEqualTo(7);
    assertThat(PercentileRatio.percentile(new long[0], 0.99)).isZero();
  }

  @Test
  void intervalContainsTheTrueRatio() {
    int contained = 0;
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      List<long[]> first = blocks(random, 1);
      List<long[]> second = blocks(random, 1.5);
      PercentileRatio ratio = PercentileRatio.of(first, second, seed);
      assertThat(ratio.ratio()).isBetween(ratio.low() * 0.98, ratio.high() * 1.02);
      if (ratio.low() <= 1.5 && 1.5 <= ratio.high()) {
        contained++;
      }
    }
    // 95 % of 20 are 19; with 20 blocks, the bootstrap is a little too narrow.
    assertThat(contained).isGreaterThanOrEqualTo(15);
  }

  @Test
  void blocksThatDifferWidenTheInterval() {
    Random random = new Random(1);
    List<long[]> steady = blocks(random, 1);
    List<long[]> disturbed = new ArrayList<>(blocks(random, 1).subList(0, 15));
    disturbed.addAll(blocks(random, 5).subList(0, 5));
    PercentileRatio narrow = PercentileRatio.of(steady, blocks(random, 1), 1);
    PercentileRatio wide = PercentileRatio.of(steady, disturbed, 1);
    assertThat(wide.high() / wide.low()).isGreaterThan(2 * narrow.high() / narrow.low());
  }

  @Test
  void equalSeriesHaveTheRatioOne() {
    List<long[]> blocks = blocks(new Random(3), 1);
    PercentileRatio ratio = PercentileRatio.of(blocks, blocks, 1);
    assertThat(ratio.ratio()).isEqualTo(1);
    assertThat(ratio.low()).isEqualTo(1, within(0.001));
    assertThat(ratio.high()).isEqualTo(1, within(0.001));
  }

  private static List<long[]> blocks(Random random, double factor) {
    List<long[]> blocks = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      long[] block = new long[1_000];
      for (int j = 0; j < block.length; j++) {
        block[j] = (long) (factor * 1e5 * Math.exp(random.nextGaussian()));
      }
      blocks.add(block);
    }
    return blocks;
  }
}
