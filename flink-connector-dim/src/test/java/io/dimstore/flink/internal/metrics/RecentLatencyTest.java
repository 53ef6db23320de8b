// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.metrics.HistogramStatistics;
import org.junit.jupiter.api.Test;

class RecentLatencyTest {

  private final AtomicLong now = new AtomicLong();
  private final RecentLatency latency = new RecentLatency(now::get);

  @Test
  void quantilesAreThoseOfTheRecordedDurations() {
    for (int i = 1; i <= 1_000; i++) {
      latency.update(TimeUnit.MICROSECONDS.toNanos(i));
    }
    HistogramStatistics read = latency.getStatistics();
    assertThat(read.getQuantile(0.5)).isCloseTo(500_000, within(5_000.0));
    assertThat(read.getQuantile(0.95)).isCloseTo(950_000, within(9_500.0));
    assertThat(read.getQuantile(0.99)).isCloseTo(990_000, within(9_900.0));
    assertThat(read.getMean()).isCloseTo(500_500, within(5_000.0));
    assertThat(read.size()).isEqualTo(1_000);
    assertThat(read.getValues()).isNotEmpty().isSorted();
    assertThat(latency.getCount()).isEqualTo(1_000);
  }

  @Test
  void durationsAreForgottenAfterAMinuteButStayCounted() {
    latency.update(1_000_000);
    assertThat(latency.getStatistics().size()).isEqualTo(1);
    for (int i = 0; i < 5; i++) {
      latency.update(2_000_000);
      now.addAndGet(TimeUnit.SECONDS.toNanos(10));
      assertThat(latency.getStatistics().getMin()).isLessThan(1_010_000);
    }
    now.addAndGet(TimeUnit.SECONDS.toNanos(10));
    assertThat(latency.getStatistics().getMin()).isGreaterThan(1_900_000);
    assertThat(latency.getCount()).isEqualTo(6);
  }

  @Test
  void severalReportersOfOneMomentSeeTheSame() {
    latency.update(1_000_000);
    assertThat(latency.getStatistics().size()).isEqualTo(1);
    latency.update(1_000_000);
    now.addAndGet(TimeUnit.SECONDS.toNanos(9));
    assertThat(latency.getStatistics().size()).isEqualTo(1);
    assertThat(latency.getStatistics().size()).isEqualTo(1);
    now.addAndGet(TimeUnit.SECONDS.toNanos(1));
    assertThat(latency.getStatistics().size()).isEqualTo(2);
  }

  @Test
  void extremeDurationsAreCountedAtTheEndsOfTheRange() {
    latency.update(-5);
    latency.update(Long.MAX_VALUE);
    HistogramStatistics read = latency.getStatistics();
    assertThat(read.size()).isEqualTo(2);
    double hour = TimeUnit.HOURS.toNanos(1);
    assertThat((double) read.getMax()).isCloseTo(hour, within(hour / 100));
  }

  @Test
  void withoutDurationsAllStatisticsAreZero() {
    HistogramStatistics read = latency.getStatistics();
    assertThat(read.getQuantile(0.99)).isZero();
    assertThat(read.getMean()).isZero();
    assertThat(read.getStdDev()).isZero();
    assertThat(read.getMin()).isZero();
    assertThat(read.getMax()).isZero();
  }
}
