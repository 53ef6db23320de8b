// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreOption;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationConverterTest {

  private static final StoreOption<Duration> OPTION =
      StoreOption.duration("wait", Duration.ZERO, "A duration.");

  @ParameterizedTest
  @ValueSource(strings = {"0s", "1ms", "1500ms", "90s", "10m", "25h", "7d", "36500d"})
  void optionOfAStoreReadsTheTextInTheSameWay(String text) {
    StoreConfig config =
        StoreConfig.parse("test", Set.of(OPTION), StoreOption.Scope.STORE, Map.of("wait", text));
    assertThat(config.get(OPTION)).isEqualTo(new DurationConverter().convert(text));
  }
}
