// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.features.oracle.OracleEvent;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LookBackFunctionTest {

  private static final Duration LATENESS = Duration.ofDays(1);

  static Stream<StateBackend> bothBackends() {
    return Stream.of(new HashMapStateBackend(), new EmbeddedRocksDBStateBackend());
  }

  /** Each backend with short histories alone, and with trees from the 30th event on. */
  static Stream<Arguments> backends() {
    return bothBackends()
        .flatMap(
            backend ->
                Stream.of(30, LookBackLimits.LARGE_FROM)
                    .map(largeFrom -> Arguments.of(backend, limits(largeFrom, 9_000_000))));
  }

  @ParameterizedTest
  @MethodSource("backends")
  void everyRowEqualsTheOracleAcrossARestartInTheMiddle(StateBackend backend, LookBackLimits limits)
      throws Exception {
    long seed = new SplittableRandom().nextLong();
    List<OracleEvent> events = RandomEvents.of(seed, 5_000, 30, 100, 120_000);
    Expected expected = new Expected(LATENESS);
    OperatorSubtaskState state;
    try (LookBackHarness before = new LookBackHarness(backend, limits).open()) {
      for (OracleEvent event : events.subList(0, 2_500)) {
        assertThat(before.process(event)).as("seed %d", seed).isEqualTo(expected.of(event));
      }
      state = before.snapshot();
      // What arrives after the checkpoint is lost with the crash and comes again.
      for (OracleEvent event : events.subList(2_500, 3_000)) {
        before.process(event);
      }
    }
    try (LookBackHarness after = new LookBackHarness(backend, limits).restore(state)) {
      for (OracleEvent event : events.subList(2_500, 5_000)) {
        assertThat(after.process(event)).as("seed %d", seed).isEqualTo(expected.of(event));
      }
    }
  }

  @Test
  void anEventThatIsTooLateGoesToTheDeadLettersWithItsSource() throws Exception {
    try (LookBackHarness harness =
        new LookBackHarness(new HashMapStateBackend(), LATENESS).open()) {
      harness.process(buy("new", 10 * 86_400_000L));
      assertThat(harness.process(buy("old", 8 * 86_400_000L))).isEqualTo(Expected.TOO_LATE);
      Row letter = harness.deadLetters().get(0);
      assertThat(letter.getField(0)).isEqualTo("too-late");
      assertThat(letter.getField(2)).isEqualTo("old");
      assertThat(letter.getField(5)).isEqualTo("events");
      assertThat(letter.getField(7)).isEqualTo(7L);
      assertThat(letter.getField(9)).isEqualTo("u");
    }
  }

  @Test
  void stateOfAUserWithoutEventsIsRemovedAfterItsTimeToLive() throws Exception {
    try (LookBackHarness harness =
        new LookBackHarness(new HashMapStateBackend(), LATENESS).open()) {
      harness.setWallClock(Duration.ZERO);
      harness.process(buy("a", 10 * 86_400_000L));
      harness.setWallClock(Duration.ofDays(34));
      assertThat(harness.process(buy("b", 10 * 86_400_000L))).contains("events_30d=2");
      harness.setWallClock(Duration.ofDays(34 + 35));
      assertThat(harness.process(buy("c", 10 * 86_400_000L))).contains("events_30d=1,");
    }
  }

  @ParameterizedTest
  @MethodSource("bothBackends")
  void stateOfAnExpiredTreeIsRemovedCompletely(StateBackend backend) throws Exception {
    try (LookBackHarness harness = new LookBackHarness(backend, limits(30, 9_000_000)).open()) {
      harness.setWallClock(Duration.ZERO);
      for (int i = 0; i < 1_200; i++) {
        harness.process(buy("e" + i, "item-" + i, 10 * 86_400_000L + i));
      }
      assertThat(harness.hasTrees()).isTrue();
      harness.setWallClock(Duration.ofDays(20));
      assertThat(harness.process(buy("e", "i", 10 * 86_400_000L + 1_200)))
          .contains("events_30d=1201,", "items_30d=1201,");
      harness.setWallClock(
          Duration.ofDays(54)); // a timer was due meanwhile: not silent for 35 days
      assertThat(harness.process(buy("e", "i", 10 * 86_400_000L + 1_200)))
          .contains("events_30d=1202,", "items_30d=1201,");
      assertThat(harness.hasTrees()).isTrue();
      for (int i = 0; i < 10; i++) { // a timer removes a part and comes again
        harness.setWallClock(Duration.ofDays(54 + 71).plusMillis(10L * i));
      }
      assertThat(harness.hasTrees()).isFalse();
      assertThat(harness.process(buy("e", "i", 10 * 86_400_000L))).contains("events_30d=1,");
    }
  }

  @Test
  void anEventBeyondTheBoundOfAHistoryGoesToTheDeadLetters() throws Exception {
    try (LookBackHarness harness =
        new LookBackHarness(new HashMapStateBackend(), limits(30, 100)).open()) {
      for (int i = 0; i < 100; i++) {
        assertThat(harness.process(buy("e" + i, 10 * 86_400_000L))).contains("events_1m=");
      }
      harness.process(buy("more", 10 * 86_400_000L));
      Row letter = harness.deadLetters().get(0);
      assertThat(letter.getField(0)).isEqualTo("too-many");
      assertThat((String) letter.getField(1)).contains("100 events");
      assertThat(letter.getField(2)).isEqualTo("more");
      harness.process(buy("later", 42 * 86_400_000L));
      assertThat(harness.deadLetters()).hasSize(1);
    }
  }

  private static LookBackLimits limits(int largeFrom, long maxEvents) {
    return new LookBackLimits(LATENESS, Duration.ofDays(35), largeFrom, maxEvents);
  }

  private static OracleEvent buy(String id, String item, long time) {
    return new OracleEvent(id, "u", item, "buy", 1, 100, time);
  }

  private static OracleEvent buy(String id, long time) {
    return new OracleEvent(id, "u", "i", "buy", 1, 100, time);
  }
}
