// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimedPartTest {

  @Test
  void smokeIsNotTimedAndLargerProfilesAreAfterTheirWarmUp() {
    assertThat(of(Profile.SMOKE).isWarm()).isFalse();
    assertThat(of(Profile.QUICK)).isEqualTo(new TimedPart(50_000, 46_000, true));
    assertThat(of(Profile.FULL)).isEqualTo(new TimedPart(198_000, 792_000, true));
  }

  @Test
  void aShortInputIsNotTimedWhateverTheProfile() {
    assertThat(TimedPart.of(74_999, 4_000).isWarm()).isFalse();
    assertThat(TimedPart.of(75_000, 4_000).isWarm()).isTrue();
  }

  @Test
  void smokeIsNotTimedWhateverItsInput() {
    assertThat(TimedPart.of(99_800, Profile.SMOKE.pacedEvents))
        .as("a percentile of so few latencies says nothing")
        .isEqualTo(new TimedPart(19_960, 79_840, false));
  }

  @Test
  void theTextNamesAProfileThatIsTimed() {
    assertThat(TimedPart.whyNone(10_000, 200))
        .contains("10,000 events, 200 of them")
        .contains("--profile quick");
  }

  private static TimedPart of(Profile profile) {
    return TimedPart.of((int) profile.events - profile.pacedEvents, profile.pacedEvents);
  }
}
