// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.records;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArrivalTimeTest {

  private static final long NOW = 1_800_000_000_000L;

  @Test
  void brokerTimestampIsTheArrivalWhateverTheReadersClock() {
    assertThat(ArrivalTime.latest(NOW - 5_000, true, NOW)).isEqualTo(NOW - 5_000);
    assertThat(ArrivalTime.latest(NOW + 5_000, true, NOW)).isEqualTo(NOW + 5_000);
  }

  @Test
  void producerTimestampCountsUpToTheReadersClock() {
    assertThat(ArrivalTime.latest(NOW - 5_000, false, NOW)).isEqualTo(NOW - 5_000);
    assertThat(ArrivalTime.latest(NOW + 5_000, false, NOW)).isEqualTo(NOW);
  }

  @Test
  void withoutTimestampTheReadersClockIsTheArrival() {
    assertThat(ArrivalTime.latest(-1, false, NOW)).isEqualTo(NOW);
    assertThat(ArrivalTime.latest(-1, true, NOW)).isEqualTo(NOW);
  }
}
