// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.features.oracle.OracleEvent;
import java.time.Duration;
import java.util.List;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.junit.jupiter.api.Test;

class OnlineRetailFileTest {

  private static final Duration LATENESS = Duration.ofDays(1);

  @Test
  void everyEventOfTheRealFileEqualsTheOracle() throws Exception {
    List<OracleEvent> events = OnlineRetailFile.events();
    assertThat(events).hasSizeGreaterThan(539_000);
    Expected expected = new Expected(LATENESS);
    int tooLate = 0;
    try (LookBackHarness harness =
        new LookBackHarness(new HashMapStateBackend(), LATENESS).open()) {
      for (OracleEvent event : events) {
        String actual = harness.process(event);
        tooLate += actual.equals(Expected.TOO_LATE) ? 1 : 0;
        String right = expected.of(event);
        if (!actual.equals(right)) { // describing half a million right rows takes too long
          assertThat(actual).as("%s", event).isEqualTo(right);
        }
      }
    }
    assertThat(tooLate).as("the file is in order of time").isZero();
  }
}
