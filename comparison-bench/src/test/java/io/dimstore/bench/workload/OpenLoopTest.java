// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.bench.subject.BenchException;
import io.dimstore.bench.workload.OpenLoop.Sent;
import io.dimstore.events.transfer.Ticker;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenLoopTest {

  private static final long MILLI = 1_000_000;

  private final Clock clock = new Clock();
  private final List<Long> sentAt = new ArrayList<>();

  @Test
  void elementsAreSentAtTheirScheduledTimes() {
    Sent sent = run(0, 0, 0, 0);

    assertThat(sent.scheduledMillis()).containsExactly(1_050, 1_060, 1_070, 1_080);
    assertThat(sentAt).containsExactly(1_050L, 1_060L, 1_070L, 1_080L);
    assertThat(sent.lagMillisMax()).isZero();
  }

  @Test
  void slowSenderDelaysNoScheduledTimeAndIsReportedAsLag() {
    Sent sent = run(25, 0, 0, 0);

    assertThat(sent.scheduledMillis()).containsExactly(1_050, 1_060, 1_070, 1_080);
    assertThat(sentAt).containsExactly(1_050L, 1_075L, 1_075L, 1_080L);
    assertThat(sent.lagMillisMax()).isEqualTo(15);
  }

  @Test
  void anInterruptedThreadSendsNothingMore() {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> run(0, 0))
          .isInstanceOf(BenchException.class)
          .hasMessage("interrupted after 0 of 2 elements");
      assertThat(sentAt).isEmpty();
    } finally {
      assertThat(Thread.interrupted()).as("the flag stays set").isTrue();
    }
  }

  private Sent run(Integer... sendMillis) {
    return new OpenLoop(clock)
        .run(
            List.of(sendMillis),
            100,
            (millis, scheduled) -> {
              sentAt.add(clock.epochMillis());
              clock.nanos += millis * MILLI;
            });
  }

  private static final class Clock implements Ticker {
    private long nanos = 77;

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public long epochMillis() {
      return 1_000 + (nanos - 77) / MILLI;
    }

    @Override
    public void awaitNanos(long deadline) {
      nanos = Math.max(nanos, deadline);
    }
  }
}
