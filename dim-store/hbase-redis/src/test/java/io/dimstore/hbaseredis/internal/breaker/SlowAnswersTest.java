// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Which answers of Redis are slow, compared with HBase. */
class SlowAnswersTest {

  private static final Duration LEAST = Duration.ofMillis(10);
  private static final Duration MOST = Duration.ofSeconds(1);

  private long now = -5;
  private final SlowAnswers slow = new SlowAnswers(LEAST, MOST, () -> now);

  private void pass(long millis) {
    now += nanos(millis);
  }

  private static long nanos(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }

  private boolean isSlow(long millis) {
    return slow.isSlow(nanos(millis), nanos(millis));
  }

  /** Simulates a measurement: HBase answers all lookups for a while, each in this time. */
  private void compare(long hbaseMillis) {
    slow.hbaseAnswers(true);
    for (int i = 0; i < 100; i++) {
      slow.hbaseTook(nanos(hbaseMillis), false);
    }
    pass(200);
    slow.hbaseAnswers(false);
  }

  @Test
  void withoutMeasurementTheOptionAloneDecides() {
    assertThat(isSlow(11)).isTrue();
    assertThat(isSlow(10)).isFalse();
    assertThat(slow.isCompared()).isFalse();
  }

  @Test
  void readsOfHBaseWhileRedisIsInUseAreNoMeasurement() {
    for (int i = 0; i < 100; i++) {
      slow.hbaseTook(nanos(700), false);
    }
    assertThat(isSlow(100)).isTrue();
  }

  @Test
  void answersFasterThanHBaseAreNotSlow() {
    compare(200);
    assertThat(isSlow(150)).isFalse();
    assertThat(isSlow(250)).isTrue();
    assertThat(slow.isCompared()).isTrue();
  }

  @Test
  void timeInTheQueueCountsAgainstHBaseAndNotAloneAsSlow() {
    compare(50);
    assertThat(slow.isSlow(nanos(30), nanos(60))).isTrue();
    assertThat(slow.isSlow(nanos(5), nanos(500))).isFalse();
  }

  @Test
  void measurementsOfAnEarlierTimeDoNotCount() {
    compare(200);
    pass(2_001);
    assertThat(isSlow(100)).isTrue();
    compare(20);
    assertThat(isSlow(100)).isTrue();
  }

  /**
   * Otherwise lookups would leave an always slow Redis for an even slower HBase every other second.
   */
  @Test
  void eachConsecutiveMeasurementCountsTwiceAsLong() {
    for (long seconds : new long[] {2, 4, 8, 16, 32, 60, 60}) {
      compare(200);
      pass(seconds * 1_000 - 1);
      assertThat(isSlow(100)).as("before %d s", seconds).isFalse();
      pass(2);
      assertThat(isSlow(100)).as("after %d s", seconds).isTrue();
    }
    pass(20_000);
    compare(200);
    pass(2_001);
    assertThat(isSlow(100)).isTrue();
  }

  @Test
  void failedAndUnfinishedReadsCountAsSlowHBase() {
    slow.hbaseAnswers(true);
    pass(300);
    assertThat(isSlow(299)).isFalse();
    assertThat(isSlow(301)).isTrue();
    slow.hbaseTook(nanos(1), true);
    assertThat(isSlow(999)).isFalse();
    assertThat(isSlow(1_001)).isTrue();
  }

  @Test
  void whileReadsOfHBaseFailRedisIsNotSlow() {
    slow.hbaseTook(nanos(1), true);
    assertThat(isSlow(900)).isFalse();
    pass(2_001);
    assertThat(isSlow(900)).isTrue();
  }
}
