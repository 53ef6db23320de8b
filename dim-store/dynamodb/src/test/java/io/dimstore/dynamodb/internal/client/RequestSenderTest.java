// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.dynamodb.internal.capacity.ConsumedUnits;
import io.dimstore.dynamodb.internal.client.RequestSender.Call;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.support.Deadline;
import io.dimstore.spi.support.RetryTimer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestSenderTest {

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final RequestSender sender =
      new RequestSender(StoreMetrics.NONE, new RetryTimer(timer), 3);
  private final Deadline later = Deadline.after(Duration.ofMinutes(1));

  @AfterEach
  void end() {
    timer.shutdownNow();
  }

  private static Call<Integer> call() {
    return new Call<>(
        Operation.WRITE, "t", 1, answer -> 1, answer -> ConsumedUnits.NOTHING, null, 0);
  }

  @Test
  void attemptOnTheTimerThatThrowsAnErrorEndsTheRequest() {
    Error thrown = new StackOverflowError("in the second attempt");
    AtomicInteger attempts = new AtomicInteger();
    CompletableFuture<Integer> result =
        sender.sendAgain(
            call(),
            later,
            (override, mayArriveLate) -> {
              if (attempts.incrementAndGet() == 1) {
                return CompletableFuture.failedFuture(
                    new StoreException(Kind.UNAVAILABLE, "no answer"));
              }
              throw thrown;
            });
    assertThat(result.orTimeout(30, TimeUnit.SECONDS))
        .failsWithin(Duration.ofMinutes(1))
        .withThrowableThat()
        .havingRootCause()
        .isSameAs(thrown);
    assertThat(attempts).hasValue(3);
  }
}
