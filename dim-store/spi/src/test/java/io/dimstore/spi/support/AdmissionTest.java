// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AdmissionTest {

  private static final Duration LONG = Duration.ofMinutes(10);

  private final Admission admission = new Admission("Store 'x'", 10, LONG);

  @Test
  void answerOfTheWorkIsReturned() {
    CompletionStage<String> call =
        admission.admit(1, d -> CompletableFuture.completedFuture("answer"));
    assertThat(join(call)).isEqualTo("answer");
    assertThat(admission.pending()).isZero();
  }

  @Test
  void callsUpToTheLimitAreAdmittedAndTheNextIsThrottledAtOnce() {
    CompletableFuture<String> open = new CompletableFuture<>();
    CompletionStage<String> first = admission.admit(6, d -> open);
    CompletionStage<String> second = admission.admit(4, d -> open);
    CompletionStage<String> third = admission.admit(1, d -> open);
    assertThat(failure(third)).extracting(StoreException::kind).isEqualTo(Kind.THROTTLED);
    assertThat(failure(third)).hasMessageContainingAll("10 keys", "'max-pending'", "Store 'x'");
    assertThat(admission.pending()).isEqualTo(10);
    open.complete("done");
    assertThat(join(first)).isEqualTo("done");
    assertThat(join(second)).isEqualTo("done");
    assertThat(admission.pending()).isZero();
  }

  @Test
  void callLargerThanTheLimitIsAdmittedAlone() {
    CompletableFuture<String> open = new CompletableFuture<>();
    CompletionStage<String> large = admission.admit(1_000, d -> open);
    assertThat(failure(admission.admit(1, d -> open)).kind()).isEqualTo(Kind.THROTTLED);
    open.complete("large");
    assertThat(join(large)).isEqualTo("large");
    CompletableFuture<String> small = new CompletableFuture<>();
    admission.admit(1, d -> small);
    assertThat(failure(admission.admit(1_000, d -> open)).kind()).isEqualTo(Kind.THROTTLED);
  }

  /** A caller who reacts to an answer must be able to make another call. */
  @Test
  void keysAreReleasedBeforeTheCallerSeesTheAnswer() {
    Admission one = new Admission("x", 1, LONG);
    CompletableFuture<Integer> inner = new CompletableFuture<>();
    CompletionStage<Integer> chained = one.admit(1, d -> inner);
    for (int i = 0; i < 5; i++) {
      chained =
          chained.thenCompose(n -> one.admit(1, d -> CompletableFuture.supplyAsync(() -> n + 1)));
    }
    inner.complete(0);
    assertThat(join(chained)).isEqualTo(5);
  }

  @Test
  void failuresBecomeStoreExceptionsAndReleaseTheirKeys() {
    StoreException own = StoreException.invalid("own", List.of(Key.of("k")));
    assertThat(failure(admission.admit(1, d -> CompletableFuture.failedFuture(own)))).isSameAs(own);
    assertThat(
            failure(
                admission.admit(
                    1, d -> CompletableFuture.failedFuture(new CompletionException(own)))))
        .isSameAs(own);
    StoreException wrapped =
        failure(
            admission.admit(
                1, d -> CompletableFuture.failedFuture(new java.io.IOException("reset"))));
    assertThat(wrapped.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(wrapped).hasMessageContaining("reset").hasCauseInstanceOf(java.io.IOException.class);
    StoreException thrown =
        failure(
            admission.admit(
                1,
                d -> {
                  throw new IllegalStateException("thrown");
                }));
    assertThat(thrown.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(admission.pending()).isZero();
  }

  @Test
  void errorIsRethrownAndLeavesNothingPending() {
    AtomicReference<Throwable> seen = new AtomicReference<>();
    try {
      admission.admit(
          1,
          d -> {
            throw new StackOverflowError("deep");
          });
    } catch (StackOverflowError e) {
      seen.set(e);
    }
    assertThat(seen.get()).isInstanceOf(StackOverflowError.class);
    assertThat(admission.pending()).isZero();
  }

  @Test
  void callFailsWithTimeoutAtItsDeadlineAndReleasesItsKeys() {
    Admission hurried = new Admission("Store 'x'", 1, Duration.ofMillis(20));
    CompletableFuture<String> never = new CompletableFuture<>();
    StoreException failure = failure(hurried.admit(1, d -> never));
    assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(failure).hasMessageContainingAll("Store 'x'", "'deadline'", "20 ms");
    assertThat(hurried.pending()).isZero();
    never.complete("too late");
    assertThat(hurried.pending()).isZero();
  }

  @Test
  void oneTimerEndsAllCallsThatAreLate() {
    List<Runnable> timers = new ArrayList<>();
    AtomicInteger cancelled = new AtomicInteger();
    Admission late =
        new Admission(
            "x",
            10,
            Duration.ofNanos(1),
            (task, delayNanos) -> {
              timers.add(task);
              return cancelled::incrementAndGet;
            });
    CompletableFuture<String> answered = new CompletableFuture<>();
    CompletionStage<String> done = late.admit(1, d -> answered);
    CompletionStage<String> first = late.admit(1, d -> new CompletableFuture<>());
    CompletionStage<String> second = late.admit(1, d -> new CompletableFuture<>());
    answered.complete("in time");
    assertThat(timers).hasSize(1);

    timers.get(0).run();

    assertThat(join(done)).isEqualTo("in time");
    assertThat(failure(first).kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(failure(second).kind()).isEqualTo(Kind.TIMEOUT);
    assertThat(late.pending()).isZero();
    CompletionStage<String> third = late.admit(1, d -> new CompletableFuture<>());
    assertThat(timers).as("armed again").hasSize(2);
    timers.get(1).run();
    assertThat(failure(third).kind()).isEqualTo(Kind.TIMEOUT);
  }

  @Test
  void timerIsArmedAgainForCallsWhoseDeadlineIsLater() {
    List<Runnable> timers = new ArrayList<>();
    List<Long> delays = new ArrayList<>();
    Admission slow =
        new Admission(
            "x",
            10,
            LONG,
            (task, delayNanos) -> {
              timers.add(task);
              delays.add(delayNanos);
              return () -> {};
            });
    CompletableFuture<String> open = new CompletableFuture<>();
    CompletionStage<String> call = slow.admit(1, d -> open);
    timers.get(0).run();
    assertThat(call.toCompletableFuture()).isNotDone();
    assertThat(delays).hasSize(2);
    assertThat(delays.get(1)).isBetween(1L, LONG.toNanos());
    open.complete("answer");
    timers.get(1).run();
    assertThat(delays).as("no timer without calls").hasSize(2);
  }

  @Test
  void closeCancelsTheTimer() {
    AtomicInteger cancelled = new AtomicInteger();
    Admission closing =
        new Admission("x", 10, LONG, (task, delayNanos) -> cancelled::incrementAndGet);
    CompletableFuture<String> open = new CompletableFuture<>();
    closing.admit(1, d -> open);
    open.complete("answer");
    closing.close();
    assertThat(cancelled).hasValue(1);
  }

  @Test
  void callThatExceedsItsDeadlineSaysWhatItWaitsFor() {
    Admission brief = new Admission("Store 'x'", 10, Duration.ofMillis(20));
    CompletionStage<String> silent =
        brief.admit(1, () -> "no answer from the server", d -> new CompletableFuture<>());
    assertThat(failure(silent))
        .hasMessage(
            "Store 'x' did not answer within 'deadline' (20 ms): no answer from the server");
    assertThat(failure(brief.admit(1, d -> new CompletableFuture<String>())))
        .hasMessage("Store 'x' did not answer within 'deadline' (20 ms)");
  }

  @Test
  void callsEndAtTheirDeadlineThoughTheReasonOfOneCannotBeFoundOut() {
    Admission brief = new Admission("Store 'x'", 10, Duration.ofMillis(20));
    CompletionStage<String> broken =
        brief.admit(
            1,
            () -> {
              throw new IllegalStateException("no reason");
            },
            d -> new CompletableFuture<>());
    assertThat(failure(broken)).hasMessage("Store 'x' did not answer within 'deadline' (20 ms)");
    CompletionStage<String> next = brief.admit(1, d -> new CompletableFuture<>());
    assertThat(failure(next).kind()).isEqualTo(Kind.TIMEOUT);
  }

  @Test
  void callReceivesItsDeadline() {
    AtomicReference<Deadline> given = new AtomicReference<>();
    admission.admit(
        1,
        d -> {
          given.set(d);
          return CompletableFuture.completedFuture(null);
        });
    assertThat(given.get().isOver()).isFalse();
    assertThat(given.get().remainingNanos()).isBetween(1L, LONG.toNanos());
    assertThat(Deadline.after(Duration.ZERO).isOver()).isTrue();
  }

  @Test
  void cancelledCallReleasesItsKeys() {
    CompletionStage<String> call = admission.admit(3, d -> new CompletableFuture<>());
    call.toCompletableFuture().cancel(false);
    assertThat(admission.pending()).isZero();
  }

  @Test
  void closeFailsPendingAndLaterCalls() {
    CompletionStage<String> pending = admission.admit(1, d -> new CompletableFuture<>());
    admission.close();
    admission.close();
    assertThat(failure(pending).kind()).isEqualTo(Kind.CLOSED);
    AtomicInteger started = new AtomicInteger();
    CompletionStage<Integer> later =
        admission.admit(1, d -> CompletableFuture.completedFuture(started.incrementAndGet()));
    assertThat(failure(later).kind()).isEqualTo(Kind.CLOSED);
    assertThat(started).hasValue(0);
    assertThat(admission.isClosed()).isTrue();
    assertThat(admission.pending()).isZero();
  }

  @Test
  void manyThreadsNeverExceedTheLimitAndLeaveNothingPending() throws Exception {
    Admission shared = new Admission("x", 50, LONG);
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger admitted = new AtomicInteger();
    inParallel(
        8,
        thread -> {
          for (int i = 0; i < 5_000; i++) {
            int keys = 1 + (i + thread) % 10;
            CompletionStage<Void> call =
                shared.admit(
                    keys,
                    d -> {
                      most.accumulateAndGet(running.addAndGet(keys), Math::max);
                      admitted.incrementAndGet();
                      Thread.yield();
                      running.addAndGet(-keys);
                      return CompletableFuture.completedFuture(null);
                    });
            if (call.toCompletableFuture().isCompletedExceptionally()) {
              assertThat(failure(call).kind()).isEqualTo(Kind.THROTTLED);
            }
          }
        });
    assertThat(most.get()).isLessThanOrEqualTo(50);
    assertThat(admitted.get()).isPositive();
    assertThat(shared.pending()).isZero();
  }

  @Test
  void callsThatRaceWithCloseAllEnd() throws Exception {
    for (int round = 0; round < 300; round++) {
      Admission racing = new Admission("x", 1_000, LONG);
      List<CompletionStage<String>> calls = new ArrayList<>();
      inParallel(
          3,
          thread -> {
            if (thread == 0) {
              racing.close();
              return;
            }
            for (int i = 0; i < 20; i++) {
              CompletionStage<String> call = racing.admit(1, d -> new CompletableFuture<>());
              synchronized (calls) {
                calls.add(call);
              }
            }
          });
      assertThat(calls).hasSize(40);
      for (CompletionStage<String> call : calls) {
        assertThat(failure(call).kind()).isEqualTo(Kind.CLOSED);
      }
      assertThat(racing.pending()).isZero();
    }
  }

  private interface Work {
    void run(int thread) throws Exception;
  }

  private static void inParallel(int threads, Work work) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    CyclicBarrier start = new CyclicBarrier(threads);
    try {
      List<Future<?>> ends = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int thread = t;
        ends.add(
            executor.submit(
                () -> {
                  start.await();
                  work.run(thread);
                  return null;
                }));
      }
      for (Future<?> end : ends) {
        end.get(30, TimeUnit.SECONDS);
      }
    } finally {
      executor.shutdownNow();
    }
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }

  private static StoreException failure(CompletionStage<?> stage) {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    stage
        .handle(
            (value, thrown) -> {
              failure.set(thrown);
              return null;
            })
        .toCompletableFuture()
        .orTimeout(30, TimeUnit.SECONDS)
        .join();
    StoreException found = StoreException.find(failure.get());
    assertThat(found).as("failure %s", failure.get()).isNotNull();
    return found;
  }
}
