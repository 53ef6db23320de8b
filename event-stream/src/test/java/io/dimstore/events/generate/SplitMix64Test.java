// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.generate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SplitMix64Test {

  @Test
  void theSequenceIsTheDefinedOne() {
    SplitMix64 random = new SplitMix64(1234567);

    assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("6457827717110365317");
    assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("3203168211198807973");
    assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("9817491932198370423");
    assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("4593380528125082431");
    assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("16408922859458223821");
  }

  @Test
  void doublesFillTheUnitInterval() {
    SplitMix64 random = new SplitMix64(7);
    double sum = 0;
    double lowest = 1;
    double highest = 0;
    for (int i = 0; i < 100_000; i++) {
      double draw = random.nextDouble();
      sum += draw;
      lowest = Math.min(lowest, draw);
      highest = Math.max(highest, draw);
    }

    assertThat(lowest).isBetween(0.0, 0.001);
    assertThat(highest).isGreaterThan(0.999).isLessThan(1.0);
    assertThat(sum / 100_000).isBetween(0.495, 0.505);
  }

  @Test
  void boundedDrawsReachEveryValueAlike() {
    SplitMix64 random = new SplitMix64(7);
    int[] counts = new int[7];
    for (int i = 0; i < 70_000; i++) {
      counts[random.below(7)]++;
    }

    for (int count : counts) {
      assertThat(count).isBetween(9_600, 10_400);
    }
  }

  @Test
  void purposesHaveSequencesOfTheirOwn() {
    assertThat(SplitMix64.forPurpose(1, 1).nextLong())
        .isNotEqualTo(SplitMix64.forPurpose(1, 2).nextLong())
        .isNotEqualTo(SplitMix64.forPurpose(2, 1).nextLong())
        .isEqualTo(SplitMix64.forPurpose(1, 1).nextLong());
  }
}
