// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink;

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
  void firstVersionHasToWaitForTheDifferenceOfTheClocksAndIsNotAheadOfTheLocalClock() {
    ManualClock.Local local = time.local(0);
    ArrivalClock clock = ArrivalClock.start(local.source(SKEW));
    assertThat(clock.millisUntilFirstVersion()).isBetween(SKEW, SKEW + 10);
    time.advance(SKEW);
    assertThat(clock.millisUntilFirstVersion()).isBetween(1L, 10L);
    time.advance(10);
    assertThat(clock.millisUntilFirstVersion()).isZero();
    assertThat(clock.now()).isEqualTo(local.millis());
    time.advance(7);
    assertThat(clock.now()).isEqualTo(local.millis());
  }

  @Test
  void clockThatIsSetBackNeitherFallsNorStandsStill() {
    ManualClock.Local local = time.local(0);
    ArrivalClock clock = ArrivalClock.start(local.source(0));
    long before = firstVersion(clock);
    local.step(-3_600_000);
    assertThat(clock.now()).isEqualTo(before);
    time.advance(40);
    assertThat(clock.now()).isEqualTo(before + 10);
    local.step(7_200_000);
    assertThat(clock.now()).isEqualTo(local.millis());
  }

  @Test
  void firstVersionIsAboveTheToleranceAlsoIfTheClockIsSetBackDuringTheWait() {
    ManualClock.Local local = time.local(0);
    ArrivalClock clock = ArrivalClock.start(local.source(SKEW));
    long start = local.millis();
    local.step(-3_600_000);
    time.advance(clock.maxWaitMillis());
    long first = clock.now();
    assertThat(first).isGreaterThan(start + SKEW);
    time.advance(40);
    assertThat(clock.now()).isEqualTo(first + 10);
  }

  @Test
  void jobWithoutStateIsAboveOneThatEndedOnAFasterClock() {
    ArrivalClock first = ArrivalClock.start(time.local(SKEW).source(SKEW));
    firstVersion(first);
    time.advance(60_000);
    long last = first.now();
    assertThat(firstVersion(ArrivalClock.start(time.local(0).source(SKEW)))).isGreaterThan(last);
  }

  @Test
  void restoredClockIsAboveAHighWaterMarkFarAheadOfIt() {
    ManualClock.Local wrong = time.local(3_600_000);
    ArrivalClock first = ArrivalClock.start(wrong.source(SKEW));
    firstVersion(first);
    wrong.step(-3_600_000);
    ArrivalClock.State checkpoint = first.state();
    time.advance(20_000);
    long last = first.now();
    ArrivalClock second = ArrivalClock.restore(time.local(0).source(SKEW), List.of(checkpoint));
    assertThat(firstVersion(second)).isGreaterThan(last);
  }

  @Test
  void restoredClockIsAboveItsCheckpointIfTheClockIsSetBackAfterwards() {
    ManualClock.Local local = time.local(0);
    ArrivalClock first = ArrivalClock.start(local.source(SKEW));
    firstVersion(first);
    time.advance(20_000);
    long last = first.now();
    ArrivalClock.State checkpoint = first.state();
    local.step(-60_000);
    ArrivalClock second = ArrivalClock.restore(local.source(SKEW), List.of(checkpoint));
    assertThat(firstVersion(second)).isGreaterThan(last);
  }

  /**
   * Attempts follow each other on processes with different clocks, most of them without a
   * checkpoint in between. In half of the runs, the first clock was an hour ahead and is set back
   * before the first checkpoint.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void everyAttemptIsAboveAllThatWereBeforeIt(long seed) {
    Random random = new Random(seed);
    ManualClock.Local first = time.local(seed % 2 == 0 ? 3_600_000 : 0);
    ArrivalClock wrong = ArrivalClock.start(first.source(SKEW));
    long highest = firstVersion(wrong);
    first.step(seed % 2 == 0 ? -3_600_000 : 0);
    ArrivalClock.State checkpoint = wrong.state();
    for (int attempt = 0; attempt < 2_000; attempt++) {
      ArrivalClock.Source source = time.local(random.nextLong(SKEW + 1) - SKEW / 2).source(SKEW);
      ArrivalClock clock = ArrivalClock.restore(source, List.of(checkpoint));
      assertThat(firstVersion(clock)).as("attempt %d", attempt).isGreaterThan(highest);
      time.advance(random.nextInt(3_000));
      if (random.nextInt(10) == 0) {
        checkpoint = clock.state();
      }
      time.advance(random.nextInt(3_000));
      highest = clock.now();
    }
  }

  @Test
  void tolerancesOfManyRestartsDoNotAddUp() {
    Random random = new Random(1);
    ManualClock.Local first = time.local(SKEW);
    ArrivalClock wrong = ArrivalClock.start(first.source(SKEW));
    firstVersion(wrong);
    first.step(-SKEW);
    ArrivalClock.State checkpoint = wrong.state();
    for (int attempt = 0; attempt < 10_000; attempt++) {
      ArrivalClock.Source source = time.local(random.nextLong(SKEW + 1) - SKEW / 2).source(SKEW);
      ArrivalClock clock = ArrivalClock.restore(source, List.of(checkpoint));
      // Most attempts fail before they assign a version.
      if (random.nextInt(10) == 0) {
        assertThat(firstVersion(clock) - time.trueMillis()).isLessThanOrEqualTo(2 * SKEW);
      }
      checkpoint = clock.state();
      time.advance(10);
    }
  }

  private long firstVersion(ArrivalClock clock) {
    time.advance(clock.millisUntilFirstVersion());
    return clock.now();
  }

  @Test
  void stateIsRestoredAndAnUnknownFormatIsRefused() throws Exception {
    ArrivalStateSerializer serializer = new ArrivalStateSerializer();
    ArrivalClock.State state = new ArrivalClock.State(1_700_000_005_000L, 1_700_000_000_000L);
    byte[] bytes = serializer.serialize(state);
    assertThat(serializer.deserialize(serializer.getVersion(), bytes)).isEqualTo(state);
    assertThatThrownBy(() -> serializer.deserialize(9, bytes))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("format 9");
  }
}
