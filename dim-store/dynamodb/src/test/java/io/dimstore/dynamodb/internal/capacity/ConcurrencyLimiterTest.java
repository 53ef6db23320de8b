// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.support.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConcurrencyLimiterTest {

  private final Deadline later = Deadline.after(Duration.ofMinutes(1));
  private final List<CompletableFuture<Integer>> begun = new ArrayList<>();

  private CompletableFuture<Integer> begin() {
    CompletableFuture<Integer> work = new CompletableFuture<>();
    begun.add(work);
    return work;
  }

  @Test
  void noMoreThanTheLimitRunAndTheNextBeginsWhenOneEnds() {
    ConcurrencyLimiter inFlight = new ConcurrencyLimiter(2);
    CompletableFuture<Integer> first = inFlight.submit(later, this::begin);
    inFlight.submit(later, this::begin);
    CompletableFuture<Integer> third = inFlight.submit(later, this::begin);
    assertThat(begun).hasSize(2);
    begun.get(0).complete(1);
    assertThat(first).isCompletedWithValue(1);
    assertThat(begun).hasSize(3);
    begun.get(2).completeExceptionally(new IllegalStateException("broken"));
    assertThatThrownBy(third::join).hasRootCauseMessage("broken");
    inFlight.submit(later, this::begin);
    assertThat(begun).hasSize(4);
  }

  @Test
  void aRequestThatWaitedPastItsDeadlineIsNotSent() {
    ConcurrencyLimiter inFlight = new ConcurrencyLimiter(1);
    inFlight.submit(later, this::begin);
    CompletableFuture<Integer> late = inFlight.submit(Deadline.after(Duration.ZERO), this::begin);
    CompletableFuture<Integer> next = inFlight.submit(later, this::begin);
    begun.get(0).complete(1);
    assertThat(begun).hasSize(2);
    assertThatThrownBy(late::join)
        .satisfies(
            e -> assertThat(StoreException.find(e).kind()).isEqualTo(StoreException.Kind.TIMEOUT));
    begun.get(1).complete(2);
    assertThat(next).isCompletedWithValue(2);
  }

  @Test
  void requestsThatWaitWhenItClosesAreNotSent() {
    ConcurrencyLimiter inFlight = new ConcurrencyLimiter(1);
    assertThat(inFlight.isIdle()).isTrue();
    inFlight.submit(later, this::begin);
    CompletableFuture<Integer> waiting = inFlight.submit(later, this::begin);
    assertThat(inFlight.isIdle()).isFalse();
    inFlight.close();
    begun.get(0).complete(1);
    assertThat(begun).hasSize(1);
    assertThatThrownBy(waiting::join)
        .satisfies(
            e -> assertThat(StoreException.find(e).kind()).isEqualTo(StoreException.Kind.CLOSED));
    assertThat(inFlight.isIdle()).isTrue();
  }

  @Test
  void requestThatThrowsAnErrorFailsAndReleasesItsPlace() {
    ConcurrencyLimiter inFlight = new ConcurrencyLimiter(1);
    Error thrown = new StackOverflowError("while it began");
    CompletableFuture<Integer> failed =
        inFlight.submit(
            later,
            () -> {
              throw thrown;
            });
    assertThatThrownBy(failed::join).hasCause(thrown);
    assertThat(inFlight.isIdle()).isTrue();
    assertThat(inFlight.submit(later, () -> CompletableFuture.completedFuture(5)))
        .isCompletedWithValue(5);
  }

  @Test
  void manyFailuresAtOnceDoNotOverflowTheStack() {
    ConcurrencyLimiter inFlight = new ConcurrencyLimiter(1);
    inFlight.submit(later, this::begin);
    List<CompletableFuture<Integer>> waiting = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      waiting.add(
          inFlight.submit(
              later,
              () -> {
                throw new IllegalStateException("closed");
              }));
    }
    begun.get(0).complete(1);
    assertThat(waiting).allMatch(CompletableFuture::isCompletedExceptionally);
    assertThat(inFlight.submit(later, () -> CompletableFuture.completedFuture(5)))
        .isCompletedWithValue(5);
  }

  @Test
  void concurrentThreadsNeverExceedTheLimitAndLoseNothing() {
    ConcurrencyLimiter inFlight = new ConcurrencyLimiter(3);
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<CompletableFuture<CompletableFuture<Integer>>> all = new ArrayList<>();
    try {
      for (int i = 0; i < 5_000; i++) {
        all.add(
            CompletableFuture.supplyAsync(
                () ->
                    inFlight.submit(
                        later,
                        () -> {
                          most.accumulateAndGet(running.incrementAndGet(), Math::max);
                          return CompletableFuture.supplyAsync(running::getAndDecrement, threads);
                        }),
                threads));
      }
      for (CompletableFuture<CompletableFuture<Integer>> each : all) {
        each.thenCompose(inner -> inner).join();
      }
    } catch (CompletionException e) {
      throw new AssertionError(e);
    } finally {
      threads.shutdownNow();
    }
    assertThat(most.get()).isBetween(1, 3);
    assertThat(running).hasValue(0);
  }
}
