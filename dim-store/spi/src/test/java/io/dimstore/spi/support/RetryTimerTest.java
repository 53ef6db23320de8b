// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RetryTimerTest {

  private static final Backoff NONE = new Backoff(Duration.ZERO, Duration.ZERO);

  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final RetryTimer retries = new RetryTimer(executor);

  @AfterEach
  void end() {
    executor.shutdownNow();
  }

  @Test
  void attemptRunsAfterItsPause() throws Exception {
    CompletableFuture<Boolean> ran = new CompletableFuture<>();
    Deadline deadline = Deadline.after(Duration.ofMinutes(1));
    assertThat(retries.schedule(() -> ran.complete(true), NONE, 1, deadline)).isTrue();
    assertThat(ran.get(1, TimeUnit.MINUTES)).isTrue();
  }

  @Test
  void attemptThatWouldBeginAfterItsDeadlineIsRefused() {
    Deadline over = Deadline.after(Duration.ZERO);
    assertThat(retries.schedule(() -> {}, NONE, 1, over)).isFalse();
  }

  @Test
  void closedStoreRefusesAnAttemptInsteadOfThrowing() {
    executor.shutdownNow();
    assertThat(retries.schedule(() -> {}, 0)).isFalse();
  }
}
