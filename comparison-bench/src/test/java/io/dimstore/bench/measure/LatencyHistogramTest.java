// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LatencyHistogramTest {

  private final LatencyHistogram latencies = new LatencyHistogram();

  @Test
  void requestsBehindAStallCountTheirWaitingTime() {
    for (int i = 0; i < 100; i++) {
      latencies.add(i, Math.max(100, i));
    }

    assertThat(latencies.percentileMillis(50)).isCloseTo(50, within(1.0));
    assertThat(latencies.percentileMillis(100)).isCloseTo(100, within(0.1));
  }

  @Test
  void latencyIsNeverBelowZeroNorAboveOneHour() {
    latencies.add(10, 9);
    assertThat(latencies.percentileMillis(100)).isZero();

    latencies.add(0, 1e12);
    assertThat(latencies.percentileMillis(100)).isCloseTo(3.6e6, within(3.6e3));
  }
}
