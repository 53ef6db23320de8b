// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VersionsTest {

  @Test
  void versionsAreZeroToOneBelowTheHighestLong() {
    assertThat(Versions.isValid(0)).isTrue();
    assertThat(Versions.isValid(Long.MAX_VALUE - 1)).isTrue();
    assertThat(Versions.isValid(-1)).isFalse();
    assertThat(Versions.isValid(Long.MAX_VALUE)).isFalse();
  }

  @Test
  void nextVersionIsTheTimeOrOneMoreThanTheLast() {
    assertThat(Versions.next(1_000, 5)).isEqualTo(1_000);
    assertThat(Versions.next(1_000, 1_000)).isEqualTo(1_001);
    assertThat(Versions.next(900, 1_001)).isEqualTo(1_002);
    assertThat(Versions.next(-5, -1)).isZero();
  }
}
