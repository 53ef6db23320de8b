// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrivalClockTest {

  private static final long SKEW = 5_000;

  private final ManualClock time = new ManualClock();

  @Test
  void leadAtTheStartIsGivenBackAtThreeQuartersOfTheTimeThatPasses() {
    ManualClock.Local local = time.local(0);
    ArrivalClock clock = ArrivalClock.start(local.source(SKEW), 0);
    assertThat(clock.now() - local.millis()).isEqualTo(SKEW);
    time.advance(4_000);
    assertThat(clock.now() - local.millis()).isEqualTo(SKEW - 3_000);
    time.advance(4_000);
    assertThat(clock.now()).isEqualTo(local.millis());
    time.advance(7);
    assertThat(clock.now()).isEqualTo(local.millis());
  }

  @Test
  void clockThatIsSetBackNeitherFallsNorStandsStill() {
    ManualClock.Local local = time.local(0);
    ArrivalClock clock = ArrivalClock.start(local.source(0), 0);
    long before = clock.now();
    local.step(-3_600_000);
    assertThat(clock.now()).isEqualTo(before);
    time.advance(40);
    assertThat(clock.now()).isEqualTo(before + 10);
    local.step(7_200_000);
    assertThat(clock.now()).isEqualTo(local.millis());
  }

  @Test
  void jobWithoutStateIsAboveOneThatEndedOnAFasterClock() {
    ArrivalClock first = ArrivalClock.start(time.local(SKEW).source(SKEW), 0);
    first.now();
    time.advance(60_000);
    long last = first.now();
    time.advance(1);
    assertThat(ArrivalClock.start(time.local(0).source(SKEW), 0).now()).isGreaterThan(last);
  }

  @Test
  void restoredClockIsAboveAHighWaterMarkFarAheadOfIt() {
    ManualClock.Local wrong = time.local(3_600_000);
    ArrivalClock first = ArrivalClock.start(wrong.source(SKEW), 0);
    wrong.step(-3_600_000);
    ArrivalClock.State checkpoint = first.state();
    time.advance(20_000);
    long last = first.now();
    // This is the time that the restart takes.
    time.advance(SKEW);
    ArrivalClock second = ArrivalClock.restore(time.local(0).source(SKEW), 1, List.of(checkpoint));
    assertThat(second.now()).isGreaterThan(last);
  }

  /**
   * Attempts follow each other on processes with different clocks, most of them without a
   * checkpoint in between.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void everyAttemptIsAboveAllThatWereBeforeIt(long seed) {
    Random random = new Random(seed);
    ArrivalClock.State checkpoint = null;
    long highest = 0;
    int sinceCheckpoint = 0;
    for (int attempt = 0; attempt < 2_000; attempt++) {
      ArrivalClock.Source source = time.local(random.nextLong(SKEW + 1) - SKEW / 2).source(SKEW);
      ArrivalClock clock =
          checkpoint == null
              ? ArrivalClock.start(source, attempt)
              : ArrivalClock.restore(source, attempt, List.of(checkpoint));
      assertThat(clock.now()).as("attempt %d", attempt).isGreaterThan(highest);
      boolean completes = sinceCheckpoint >= 10 || random.nextInt(3) == 0;
      sinceCheckpoint = completes ? 0 : sinceCheckpoint + 1;
      time.advance(random.nextInt(3_000));
      if (completes) {
        checkpoint = clock.state();
      }
      time.advance(1 + random.nextInt(3_000));
      highest = Math.max(highest, clock.now());
    }
  }

  @Test
  void leadsOfManyRestartsDoNotAddUp() {
    Random random = new Random(1);
    ArrivalClock.State checkpoint = null;
    for (int attempt = 0; attempt < 10_000; attempt++) {
      ArrivalClock.Source source = time.local(random.nextLong(SKEW + 1) - SKEW / 2).source(SKEW);
      ArrivalClock clock =
          checkpoint == null
              ? ArrivalClock.start(source, attempt)
              : ArrivalClock.restore(source, attempt, List.of(checkpoint));
      checkpoint = random.nextInt(10) == 0 ? clock.state() : checkpoint;
      time.advance(10);
      assertThat(clock.now() - time.trueMillis())
          .isLessThanOrEqualTo((ArrivalClock.MAX_LEADS + 2) * SKEW);
    }
  }

  @Test
  void rescaledSubtaskWithoutStateStartsAboveOneThatHadJustStarted() {
    ArrivalClock old = ArrivalClock.start(time.local(SKEW / 2).source(SKEW), 0);
    long last = old.now();
    ArrivalClock added = ArrivalClock.restore(time.local(-SKEW / 2).source(SKEW), 0, List.of());
    time.advance(1);
    assertThat(added.now()).isGreaterThanOrEqualTo(last);
  }

  @Test
  void stateIsRestoredAndAnUnknownFormatIsRefused() throws Exception {
    ArrivalStateSerializer serializer = new ArrivalStateSerializer();
    ArrivalClock.State state = new ArrivalClock.State(1_700_000_005_000L, 1_700_000_000_000L, 3);
    byte[] bytes = serializer.serialize(state);
    assertThat(serializer.deserialize(serializer.getVersion(), bytes)).isEqualTo(state);
    assertThatThrownBy(() -> serializer.deserialize(9, bytes))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("format 9");
  }
}
