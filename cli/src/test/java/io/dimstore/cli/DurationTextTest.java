// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

  @ParameterizedTest
  @ValueSource(strings = {"0s", "1ms", "1500ms", "90s", "10m", "25h", "36500d"})
  void theTextIsReadAsTheSameDuration(String text) {
    Duration duration = new DurationConverter().convert(text);
    assertThat(DurationText.of(duration)).isEqualTo(text);
  }
}
