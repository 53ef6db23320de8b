// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.spi.StoreException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RetryTimerTest {

  private static final Backoff NONE = new Backoff(Duration.ZERO, Duration.ZERO);

  private static final StoreException FAILURE =
      new StoreException(StoreException.Kind.UNAVAILABLE, "no answer");

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

  @Test
  void runRepeatsWhatIsRetriedAndReturnsTheLastOutcome() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    CompletableFuture<Integer> result =
        retries.run(
            () ->
                attempts.incrementAndGet() < 4
                    ? CompletableFuture.failedFuture(new CompletionException(FAILURE))
                    : CompletableFuture.completedFuture(attempts.get()),
            (value, failure) -> failure == FAILURE || Integer.valueOf(4).equals(value),
            NONE,
            Deadline.after(Duration.ofMinutes(1)));
    // The fourth value is retried, too, and the fifth is returned.
    assertThat(result.get(1, TimeUnit.MINUTES)).isEqualTo(5);
  }

  @Test
  void runReturnsTheFirstFailureThatIsNotRetried() {
    AtomicInteger attempts = new AtomicInteger();
    Exception other = new IllegalStateException();
    CompletableFuture<Integer> result =
        retries.run(
            () -> {
              if (attempts.incrementAndGet() > 1) {
                throw new IllegalArgumentException(other);
              }
              return CompletableFuture.failedFuture(FAILURE);
            },
            (value, failure) -> failure == FAILURE,
            NONE,
            Deadline.after(Duration.ofMinutes(1)));
    assertThatThrownBy(() -> result.get(1, TimeUnit.MINUTES))
        .cause()
        .isInstanceOf(IllegalArgumentException.class)
        .hasCause(other);
    assertThat(attempts.get()).isEqualTo(2);
  }

  @Test
  void lastFailureIsReportedWhenNoTimeIsLeftOrTheStoreCloses() {
    Deadline over = Deadline.after(Duration.ZERO);
    assertThatThrownBy(
            () -> retries.run(() -> failed(), (value, failure) -> true, NONE, over).join())
        .hasCause(FAILURE);
    executor.shutdownNow();
    Deadline later = Deadline.after(Duration.ofMinutes(1));
    assertThatThrownBy(
            () -> retries.run(() -> failed(), (value, failure) -> true, NONE, later).join())
        .hasCause(FAILURE);
  }

  private static CompletableFuture<Void> failed() {
    return CompletableFuture.failedFuture(FAILURE);
  }

  @Test
  void checkIsRepeatedUntilItIsTrueOrNoTimeIsLeft() throws Exception {
    AtomicInteger checks = new AtomicInteger();
    CompletableFuture<Boolean> done =
        retries.until(
            () -> CompletableFuture.completedFuture(checks.incrementAndGet() == 3),
            NONE,
            Deadline.after(Duration.ofMinutes(1)));
    assertThat(done.get(1, TimeUnit.MINUTES)).isTrue();
    assertThat(checks.get()).isEqualTo(3);
    assertThat(
            retries
                .until(
                    () -> CompletableFuture.completedFuture(false),
                    NONE,
                    Deadline.after(Duration.ZERO))
                .join())
        .isFalse();
  }
}
