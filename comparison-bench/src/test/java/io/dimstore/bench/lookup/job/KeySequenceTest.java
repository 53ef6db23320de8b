// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class KeySequenceTest {

  private static final int EVENTS = 1_000_000;

  @Test
  void frequenciesFollowZipf() {
    int rows = 1_000;
    int[] counts = sortedCounts(KeySequence.of(rows, 0.99, 0, 3).block(1, EVENTS), rows);
    double sum = 0;
    for (int rank = 1; rank <= rows; rank++) {
      sum += Math.pow(rank, -0.99);
    }
    for (int rank : new int[] {1, 2, 10, 100}) {
      double expected = EVENTS * Math.pow(rank, -0.99) / sum;
      // Six standard deviations; the counts of ranks that are close may change places.
      assertThat((double) counts[rows - rank])
          .as("rank %d", rank)
          .isCloseTo(expected, within(6 * Math.sqrt(expected) + expected / 50));
    }
  }

  @Test
  void anExponentOfZeroIsUniform() {
    int[] counts = sortedCounts(KeySequence.of(1_000, 0, 0, 3).block(1, EVENTS), 1_000);
    assertThat(counts[0]).isGreaterThan(800);
    assertThat(counts[999]).isLessThan(1_200);
  }

  @Test
  void aShareOfTheKeysHasNoRow() {
    int[] keys = KeySequence.of(1_000, 0.99, 0.1, 3).block(1, EVENTS);
    assertThat(Arrays.stream(keys).max().orElseThrow()).isLessThan(2_000);
    double misses = Arrays.stream(keys).filter(key -> key >= 1_000).count();
    assertThat(misses).isCloseTo(EVENTS * 0.1, within(2_000.0));
  }

  @Test
  void aBlockIsTheSameEachTimeAndDiffersFromTheNext() {
    KeySequence keys = KeySequence.of(1_000, 0.99, 0, 3);
    assertThat(keys.block(4, 100))
        .isEqualTo(KeySequence.of(1_000, 0.99, 0, 3).block(4, 100))
        .isNotEqualTo(keys.block(5, 100));
  }

  private static int[] sortedCounts(int[] keys, int rows) {
    int[] counts = new int[rows];
    for (int key : keys) {
      counts[key]++;
    }
    Arrays.sort(counts);
    return counts;
  }
}
