// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ClockComparisonTest {

  private final AtomicLong wall = new AtomicLong(1_000_000);
  private final AtomicLong nanos = new AtomicLong(5);
  private final ClockComparison watch =
      new ClockComparison(() -> Instant.ofEpochMilli(wall.get()), nanos::get);

  private void pass(long millis) {
    wall.addAndGet(millis);
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  @Test
  void jumpIsTheDifferenceBetweenWallClockAndMonotonicClock() {
    pass(60_000);
    assertThat(watch.jumpMillis()).isZero();
    pass(1_000);
    wall.addAndGet(-8_000);
    assertThat(watch.jumpMillis()).isEqualTo(-8_000);
    assertThat(watch.jumpMillis()).as("reported once").isZero();
    wall.addAndGet(20_000);
    pass(5);
    assertThat(watch.jumpMillis()).isEqualTo(20_000);
  }

  @Test
  void skewIsZeroWithinTheTimeOfTheRequest() {
    assertThat(watch.skewMillis()).isZero();
    watch.learn(1_000_005, 1_000_000, 1_000_010);
    assertThat(watch.skewMillis()).as("server time within the time of the request").isZero();
    watch.learn(1_003_010, 1_000_000, 1_000_010);
    assertThat(watch.skewMillis()).isEqualTo(3_000);
    watch.learn(997_000, 1_000_000, 1_000_010);
    assertThat(watch.skewMillis()).isEqualTo(-3_000);
  }

  @Test
  void clockIsBehindAfterAJumpBackOrIfTheServerIsAhead() {
    pass(10_000);
    assertThat(watch.behindMillis()).isZero();
    wall.addAndGet(-4_000);
    assertThat(watch.behindMillis()).isEqualTo(4_000);
    watch.learn(wall.get() + 9_000, wall.get(), wall.get());
    assertThat(watch.behindMillis()).isEqualTo(9_000);
    assertThat(watch.serverMillis()).isEqualTo(wall.get() + 9_000);
    wall.addAndGet(100_000);
    watch.learn(wall.get() - 5_000, wall.get(), wall.get());
    assertThat(watch.behindMillis()).isZero();
    assertThat(watch.aheadMillis()).isEqualTo(5_000);
  }
}
