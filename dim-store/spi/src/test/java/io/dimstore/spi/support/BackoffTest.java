// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private static final long MILLI = 1_000_000;

  @Test
  void longestWaitDoublesUntilTheCap() {
    Backoff backoff = new Backoff(Duration.ofMillis(10), Duration.ofMillis(100));
    assertThat(longest(backoff, 1)).isBetween(5 * MILLI, 10 * MILLI);
    assertThat(longest(backoff, 2)).isBetween(10 * MILLI, 20 * MILLI);
    assertThat(longest(backoff, 4)).isBetween(40 * MILLI, 80 * MILLI);
    for (int attempt : new int[] {5, 20, 64, 65, 1_000, Integer.MAX_VALUE}) {
      assertThat(longest(backoff, attempt)).isBetween(50 * MILLI, 100 * MILLI);
    }
  }

  @Test
  void waitsAreSpreadOverTheWholeRange() {
    Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));
    LongStream waits = LongStream.range(0, 1_000).map(i -> backoff.nanos(1));
    assertThat(waits.summaryStatistics())
        .satisfies(
            s -> {
              assertThat(s.getMin()).isBetween(0L, 20 * MILLI);
              assertThat(s.getMax()).isBetween(80 * MILLI, 100 * MILLI);
              assertThat(s.getAverage()).isBetween(30.0 * MILLI, 70.0 * MILLI);
            });
  }

  @Test
  void extremesNeitherOverflowNorFail() {
    Backoff huge = new Backoff(Duration.ofDays(1), Duration.ofNanos(Long.MAX_VALUE));
    for (int attempt = 0; attempt < 200; attempt++) {
      assertThat(huge.nanos(attempt)).isNotNegative();
    }
    assertThat(new Backoff(Duration.ZERO, Duration.ZERO).nanos(3)).isZero();
    assertThat(new Backoff(Duration.ofSeconds(9), Duration.ofNanos(5)).nanos(1)).isBetween(0L, 5L);
  }

  @Test
  void pollsContinueUntilShortlyBeforeTheDeadline() {
    Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(2));
    for (int poll = 0; poll < 100; poll++) {
      assertThat(backoff.nanosWithin(20, 3 * MILLI)).isLessThan(2 * MILLI);
      assertThat(backoff.nanosWithin(1, 60_000 * MILLI)).isLessThanOrEqualTo(200 * MILLI);
    }
    assertThat(backoff.nanosWithin(1, -5)).isZero();
  }

  private static long longest(Backoff backoff, int attempt) {
    return LongStream.range(0, 300).map(i -> backoff.nanos(attempt)).max().orElseThrow();
  }
}
