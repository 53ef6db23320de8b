// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ImpactGuardTest {

  private static final long MILLI = 1_000_000;

  private static void window(ImpactGuard guard, long nanos) {
    for (int i = 0; i < 100; i++) {
      guard.observe(nanos);
    }
  }

  @Test
  void slowLookupsHalveTheShareAndNormalOnesGiveItBack() {
    ImpactGuard guard = new ImpactGuard(2, 100);
    window(guard, MILLI);
    assertThat(guard.share()).isEqualTo(1);
    window(guard, 2 * MILLI);
    assertThat(guard.share()).as("not beyond the factor").isEqualTo(1);
    window(guard, 3 * MILLI);
    window(guard, 3 * MILLI);
    assertThat(guard.share()).isEqualTo(0.25);
    window(guard, MILLI);
    assertThat(guard.share()).isEqualTo(0.3125);
    for (int i = 0; i < 10; i++) {
      window(guard, MILLI);
    }
    assertThat(guard.share()).isEqualTo(1);
    assertThat(guard.impact()).isEqualTo(new ImpactGuard.Impact(1_000, 1_000, 100, 25));
  }

  @Test
  void runNeverStopsAltogether() {
    ImpactGuard guard = new ImpactGuard(2, 100);
    window(guard, MILLI);
    for (int i = 0; i < 50; i++) {
      window(guard, 100 * MILLI);
    }
    assertThat(guard.share()).isEqualTo(ImpactGuard.LEAST);
  }

  @Test
  void oneSlowLookupOfAHundredDoesNotSlowDown() {
    ImpactGuard guard = new ImpactGuard(2, 100);
    window(guard, MILLI);
    guard.observe(TimeUnit.SECONDS.toNanos(1));
    for (int i = 0; i < 99; i++) {
      guard.observe(MILLI);
    }
    assertThat(guard.share()).isEqualTo(1);
  }

  @Test
  void paceIdlesForThePartOfTheTimeThatTheGuardForbids() throws Exception {
    ImpactGuard guard = new ImpactGuard(2, 100);
    TestClock clock = new TestClock();
    Pace pace = new Pace(clock, 0, guard);
    pace.after(100, 10 * MILLI);
    assertThat(clock.nanos()).isZero();
    window(guard, MILLI);
    window(guard, 3 * MILLI);
    pace.after(100, 10 * MILLI);
    assertThat(clock.nanos()).as("half of the time").isEqualTo(10 * MILLI);
  }

  @Test
  void paceKeepsToTheRowsPerSecondOfAllThreadsTogether() throws Exception {
    TestClock clock = new TestClock();
    Pace pace = new Pace(clock, 1_000, ImpactGuard.none());
    for (int i = 0; i < 10; i++) {
      pace.after(100, 0);
    }
    assertThat(clock.nanos()).isEqualTo(TimeUnit.SECONDS.toNanos(1));
  }
}
