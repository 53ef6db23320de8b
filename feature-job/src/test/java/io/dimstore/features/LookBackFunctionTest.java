package io.dimstore.features;

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
import org.junit.jupiter.params.provider.MethodSource;

class LookBackFunctionTest {

  private static final Duration LATENESS = Duration.ofDays(1);

  static Stream<StateBackend> backends() {
    return Stream.of(new HashMapStateBackend(), new EmbeddedRocksDBStateBackend());
  }

  @ParameterizedTest
  @MethodSource("backends")
  void everyRowEqualsTheOracleAcrossARestartInTheMiddle(StateBackend backend) throws Exception {
    long seed = new SplittableRandom().nextLong();
    List<OracleEvent> events = RandomEvents.of(seed, 5_000, 30, 100, 120_000);
    Expected expected = new Expected(LATENESS);
    OperatorSubtaskState state;
    try (LookBackHarness before = new LookBackHarness(backend, LATENESS).open()) {
      for (OracleEvent event : events.subList(0, 2_500)) {
        assertThat(before.process(event)).as("seed %d", seed).isEqualTo(expected.of(event));
      }
      state = before.snapshot();
      // What arrives after the checkpoint is lost with the crash and comes again.
      for (OracleEvent event : events.subList(2_500, 3_000)) {
        before.process(event);
      }
    }
    try (LookBackHarness after = new LookBackHarness(backend, LATENESS).restore(state)) {
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
  void aUserWhoIsSilentForTheLifeOfTheStateIsForgotten() throws Exception {
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

  private static OracleEvent buy(String id, long time) {
    return new OracleEvent(id, "u", "i", "buy", 1, 100, time);
  }
}
