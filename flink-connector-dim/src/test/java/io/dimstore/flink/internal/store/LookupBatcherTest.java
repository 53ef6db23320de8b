// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.flink.DimMetrics;
import io.dimstore.flink.FakeTable;
import io.dimstore.flink.internal.metrics.StoreMeter;
import io.dimstore.flink.internal.metrics.TableCounters;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LookupBatcherTest {

  private static final Duration FOREVER = Duration.ofHours(1);

  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "batcher-timer"));
  private final ExecutorService workers =
      Executors.newFixedThreadPool(2, task -> new Thread(task, "batcher-test"));
  private final FakeTable table = new FakeTable();
  private final String store = "batcher-" + UUID.randomUUID();
  private final TableCounters counters = new StoreMeter(store, List.of()).table("t");

  @AfterEach
  void stop() {
    timer.shutdownNow();
    workers.shutdownNow();
  }

  private LookupBatcher batcher(int size, Duration linger, Duration retry) {
    return batcher(size, 1, linger, retry);
  }

  private LookupBatcher batcher(int size, int maxInFlight, Duration linger, Duration retry) {
    return new LookupBatcher(
        table,
        Projection.all(1),
        new DimTable.LookupSettings(size, maxInFlight, linger),
        new Retry(timer, retry, counters),
        workers);
  }

  private static Key key(String text) {
    return Key.of(text);
  }

  private static Object text(CompletableFuture<Put> answer) throws Exception {
    Put put = answer.get(20, TimeUnit.SECONDS);
    return put == null ? null : put.row().get(0);
  }

  @Test
  void firstKeyIsReadAtOnceAndTheOthersWaitForIt() throws Exception {
    LookupBatcher batcher = batcher(100, FOREVER, Duration.ZERO);
    CompletableFuture<Put> a = batcher.get(key("a"));
    CompletableFuture<Put> b = batcher.get(key("b"));
    CompletableFuture<Put> absent = batcher.get(key("absent"));
    FakeTable.Read first = table.nextRead();
    assertThat(first.keys()).containsExactly(key("a"));
    assertThat(table.reads).isEmpty();

    first.succeed();
    FakeTable.Read second = table.nextRead();
    assertThat(second.keys()).containsExactly(key("b"), key("absent"));
    second.succeed();

    assertThat(text(a)).isEqualTo("a");
    assertThat(text(b)).isEqualTo("b");
    assertThat(text(absent)).isNull();
  }

  @Test
  void keysWaitOnlyWhileTheAllowedReadsAreInFlight() throws Exception {
    LookupBatcher batcher = batcher(100, 2, FOREVER, Duration.ZERO);
    batcher.get(key("a"));
    batcher.get(key("b"));
    batcher.get(key("c"));
    batcher.get(key("d"));
    assertThat(table.nextRead().keys()).containsExactly(key("a"));
    FakeTable.Read second = table.nextRead();
    assertThat(second.keys()).containsExactly(key("b"));
    assertThat(table.reads).isEmpty();

    second.succeed();
    assertThat(table.nextRead().keys()).containsExactly(key("c"), key("d"));
  }

  @Test
  void fullBatchIsSentWhileOthersAreInFlight() throws Exception {
    LookupBatcher batcher = batcher(2, FOREVER, Duration.ZERO);
    batcher.get(key("a"));
    batcher.get(key("b"));
    batcher.get(key("c"));
    assertThat(table.nextRead().keys()).containsExactly(key("a"));
    assertThat(table.nextRead().keys()).containsExactly(key("b"), key("c"));
  }

  @Test
  void noKeyWaitsLongerThanTheLinger() throws Exception {
    LookupBatcher batcher = batcher(100, Duration.ofMillis(1), Duration.ZERO);
    batcher.get(key("a"));
    batcher.get(key("b"));
    assertThat(table.nextRead().keys()).containsExactly(key("a"));
    assertThat(table.nextRead().keys()).containsExactly(key("b"));
  }

  @Test
  void waitingKeyIsReadOnceForAllLookups() throws Exception {
    LookupBatcher batcher = batcher(100, FOREVER, Duration.ZERO);
    batcher.get(key("first"));
    List<CompletableFuture<Put>> answers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      answers.add(batcher.get(key("a")));
    }
    table.nextRead().succeed();
    FakeTable.Read read = table.nextRead();
    assertThat(read.keys()).containsExactly(key("a"));
    read.succeed();
    for (CompletableFuture<Put> answer : answers) {
      assertThat(text(answer)).isEqualTo("a");
    }
    assertThat(counted(DimMetrics.READS)).isEqualTo(2);
    assertThat(counted(DimMetrics.KEYS_READ)).isEqualTo(2);
    assertThat(counted(DimMetrics.KEYS_COALESCED)).isEqualTo(4);
  }

  @Test
  void retriesAreCountedByTheFailureBefore() throws Exception {
    LookupBatcher batcher = batcher(100, FOREVER, FOREVER);
    CompletableFuture<Put> answer = batcher.get(key("a"));
    fail(StoreException.Kind.THROTTLED);
    fail(StoreException.Kind.THROTTLED);
    fail(StoreException.Kind.TIMEOUT);
    table.nextRead().succeed();
    assertThat(text(answer)).isEqualTo("a");
    assertThat(counted(DimMetrics.RETRIES + ".throttled")).isEqualTo(2);
    assertThat(counted(DimMetrics.RETRIES + ".timeout")).isEqualTo(1);
    assertThat(counted(DimMetrics.RETRIES + ".unavailable")).isZero();
    assertThat(counted(DimMetrics.READS)).as("a read is counted once").isEqualTo(1);
  }

  private void fail(StoreException.Kind kind) throws Exception {
    table.nextRead().answer().completeExceptionally(new StoreException(kind, "made to fail"));
  }

  private double counted(String metric) {
    return DimMetrics.snapshot().value(DimMetrics.table(store, "t", metric));
  }

  @Test
  void keyInFlightIsReadAgainForLaterLookups() throws Exception {
    LookupBatcher batcher = batcher(100, FOREVER, Duration.ZERO);
    CompletableFuture<Put> before = batcher.get(key("a"));
    FakeTable.Read old = table.nextRead();
    CompletableFuture<Put> after = batcher.get(key("a"));
    old.answer().complete(List.of(new Put(key("a"), Row.of("old"), 1)));
    table.nextRead().answer().complete(List.of(new Put(key("a"), Row.of("new"), 2)));
    assertThat(text(before)).isEqualTo("old");
    assertThat(text(after)).isEqualTo("new");
  }

  @Test
  void answerWithinTheStoresCallIsThereWhenTheLookupReturns() {
    table.answersAtOnce = true;
    LookupBatcher batcher = batcher(100, FOREVER, Duration.ZERO);
    assertThat(batcher.get(key("a")))
        .isCompletedWithValueMatching(put -> put.row().get(0).equals("a"));
  }

  @Test
  void answersNeverRunOnTheClientsThread() throws Exception {
    LookupBatcher batcher = batcher(100, FOREVER, Duration.ZERO);
    AtomicReference<String> thread = new AtomicReference<>();
    CompletableFuture<Void> seen =
        batcher.get(key("a")).thenAccept(put -> thread.set(Thread.currentThread().getName()));
    table.nextRead().succeed();
    seen.get(20, TimeUnit.SECONDS);
    assertThat(thread.get()).isEqualTo("batcher-test");
  }

  @Test
  void corruptRowFailsOnlyItsOwnLookup() throws Exception {
    LookupBatcher batcher = batcher(100, FOREVER, Duration.ZERO);
    batcher.get(key("first"));
    CompletableFuture<Put> good = batcher.get(key("good"));
    CompletableFuture<Put> bad = batcher.get(key("bad"));
    CompletableFuture<Put> fine = batcher.get(key("fine"));
    table.nextRead().succeed();
    table
        .nextRead()
        .answer()
        .completeExceptionally(
            new StoreException(
                StoreException.Kind.CORRUPT, "unreadable", List.of(key("bad")), null));
    FakeTable.Read again = table.nextRead();
    assertThat(again.keys()).containsExactly(key("good"), key("fine"));
    again.succeed();

    assertThat(text(good)).isEqualTo("good");
    assertThat(text(fine)).isEqualTo("fine");
    assertThatThrownBy(() -> text(bad)).hasRootCauseMessage("unreadable");
  }

  @Test
  void failureThatNamesOtherKeysFailsTheBatchWithoutEndlessRetries() throws Exception {
    LookupBatcher batcher = batcher(100, FOREVER, Duration.ZERO);
    CompletableFuture<Put> a = batcher.get(key("a"));
    table
        .nextRead()
        .answer()
        .completeExceptionally(StoreException.invalid("odd", List.of(key("other"))));
    assertThatThrownBy(() -> text(a)).hasRootCauseMessage("odd");
    assertThat(table.reads).isEmpty();
  }

  @Test
  void retryableFailureIsRetriedAndIsNeverAMiss() throws Exception {
    LookupBatcher batcher = batcher(100, FOREVER, Duration.ofMinutes(1));
    CompletableFuture<Put> a = batcher.get(key("a"));
    StoreException away = new StoreException(StoreException.Kind.UNAVAILABLE, "away");
    table.nextRead().answer().completeExceptionally(away);
    table.nextRead().answer().completeExceptionally(away);
    table.nextRead().succeed();
    assertThat(text(a)).isEqualTo("a");
  }

  @Test
  void afterTheRetryTimeoutTheLookupFails() throws Exception {
    LookupBatcher batcher = batcher(100, FOREVER, Duration.ZERO);
    CompletableFuture<Put> a = batcher.get(key("a"));
    CompletableFuture<Put> b = batcher.get(key("b"));
    StoreException away = new StoreException(StoreException.Kind.TIMEOUT, "too late");
    table.nextRead().answer().completeExceptionally(away);
    assertThatThrownBy(() -> text(a)).hasRootCauseMessage("too late");
    table.nextRead().succeed();
    assertThat(text(b)).isEqualTo("b");
  }

  @Test
  void closeFailsWaitingAndLaterLookups() throws Exception {
    LookupBatcher batcher = batcher(100, FOREVER, Duration.ZERO);
    CompletableFuture<Put> underWay = batcher.get(key("a"));
    CompletableFuture<Put> waiting = batcher.get(key("b"));
    FakeTable.Read read = table.nextRead();
    batcher.close();
    read.succeed();
    for (CompletableFuture<Put> answer : List.of(underWay, waiting, batcher.get(key("c")))) {
      assertThatThrownBy(() -> text(answer))
          .cause()
          .isInstanceOfSatisfying(
              StoreException.class,
              e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.CLOSED));
    }
    assertThat(table.reads).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void answerOfAnotherSizeThanItsKeysFailsThemAll(int rows) throws Exception {
    LookupBatcher batcher = batcher(100, FOREVER, Duration.ZERO);
    batcher.get(key("first"));
    CompletableFuture<Put> a = batcher.get(key("a"));
    CompletableFuture<Put> b = batcher.get(key("b"));
    table.nextRead().succeed();
    table
        .nextRead()
        .answer()
        .complete(Collections.nCopies(rows, new Put(key("a"), Row.of("a"), 1)));
    for (CompletableFuture<Put> answer : List.of(a, b)) {
      assertThatThrownBy(() -> text(answer)).hasMessageContaining("answered 2 keys with " + rows);
    }
    CompletableFuture<Put> later = batcher.get(key("later"));
    table.nextRead().succeed();
    assertThat(text(later)).isEqualTo("later");
  }

  @Test
  void nullAnswerFailsAllKeys() throws Exception {
    LookupBatcher batcher = batcher(100, FOREVER, Duration.ZERO);
    CompletableFuture<Put> a = batcher.get(key("a"));
    table.nextRead().answer().complete(null);
    assertThatThrownBy(() -> text(a)).hasMessageContaining("answered 1 keys with nothing");
  }

  /**
   * The store throws an error on each thread that sends requests: a caller's thread, a worker and
   * the timer.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void errorThrownByTheStoreFailsItsKeysAndNoOthers(boolean lingering) throws Exception {
    table.beforeRead =
        keys -> {
          if (keys.contains(key("bad"))) {
            throw new NoClassDefFoundError("made to be missing");
          }
        };
    LookupBatcher batcher =
        batcher(100, lingering ? Duration.ofMillis(500) : FOREVER, Duration.ofMinutes(1));
    assertThatThrownBy(() -> text(batcher.get(key("bad"))))
        .hasRootCauseInstanceOf(NoClassDefFoundError.class);
    CompletableFuture<Put> first = batcher.get(key("first"));
    FakeTable.Read read = table.nextRead();
    CompletableFuture<Put> bad = batcher.get(key("bad"));
    CompletableFuture<Put> neighbour = batcher.get(key("neighbour"));
    if (!lingering) {
      read.succeed();
    }
    for (CompletableFuture<Put> answer : List.of(bad, neighbour)) {
      assertThatThrownBy(() -> text(answer)).hasRootCauseInstanceOf(NoClassDefFoundError.class);
    }
    read.succeed();
    assertThat(text(first)).isEqualTo("first");
  }

  /**
   * All workers are blocked by the callers' code. The timer still sends batches whose linger time
   * is over, and retries.
   */
  @Test
  void timersRunWhileUserCodeIsSlow() throws Exception {
    LookupBatcher batcher = batcher(100, Duration.ofMillis(1), Duration.ofMinutes(1));
    CountDownLatch slow = new CountDownLatch(1);
    try {
      for (String text : List.of("slow1", "slow2")) {
        CountDownLatch held = new CountDownLatch(1);
        batcher
            .get(key(text))
            .thenAccept(
                put -> {
                  held.countDown();
                  awaitQuietly(slow);
                });
        table.nextRead().succeed();
        assertThat(held.await(20, TimeUnit.SECONDS)).isTrue();
      }
      CompletableFuture<Put> a = batcher.get(key("a"));
      CompletableFuture<Put> b = batcher.get(key("b"));
      FakeTable.Read first = table.nextRead();
      FakeTable.Read lingered = table.nextRead();
      assertThat(lingered.keys()).containsExactly(key("b"));
      lingered
          .answer()
          .completeExceptionally(new StoreException(StoreException.Kind.UNAVAILABLE, "away"));
      FakeTable.Read again = table.nextRead();
      assertThat(again.keys()).containsExactly(key("b"));
      first.succeed();
      again.succeed();
      slow.countDown();
      assertThat(text(a)).isEqualTo("a");
      assertThat(text(b)).isEqualTo("b");
    } finally {
      slow.countDown();
    }
  }

  /** The store answers within the call, and the timer makes that call. */
  @Test
  void answersNeverRunOnTheTimer() throws Exception {
    LookupBatcher batcher = batcher(100, Duration.ofMillis(1), Duration.ofMinutes(1));
    CompletableFuture<Put> first = batcher.get(key("first"));
    table.answersAtOnce = true;
    AtomicReference<String> thread = new AtomicReference<>();
    batcher
        .get(key("a"))
        .thenAccept(put -> thread.set(Thread.currentThread().getName()))
        .get(20, TimeUnit.SECONDS);
    assertThat(thread.get()).isNotEqualTo("batcher-timer");
    table.nextRead().succeed();
    assertThat(text(first)).isEqualTo("first");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void manyThreadsGetTheirOwnRows() throws Exception {
    LookupBatcher batcher = batcher(50, Duration.ofMillis(1), Duration.ZERO);
    int threads = 4;
    int each = 5_000;
    List<CompletableFuture<Void>> asked = new ArrayList<>();
    List<CompletableFuture<Put>> answers =
        java.util.Collections.synchronizedList(new ArrayList<>());
    for (int t = 0; t < threads; t++) {
      int thread = t;
      asked.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < each; i++) {
                  String text = "k" + (i * 31 + thread) % 1_000;
                  answers.add(
                      batcher
                          .get(key(text))
                          .thenApply(
                              put -> {
                                if (!put.row().get(0).equals(text)) {
                                  throw new AssertionError(text + " got " + put);
                                }
                                return put;
                              }));
                }
              }));
    }
    CompletableFuture<Void> all = CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new));
    while (!all.isDone() || answers.stream().anyMatch(a -> !a.isDone())) {
      FakeTable.Read read = table.reads.poll(1, TimeUnit.SECONDS);
      if (read != null) {
        read.succeed();
      }
    }
    all.get();
    assertThat(answers)
        .hasSize(threads * each)
        .noneMatch(CompletableFuture::isCompletedExceptionally);
  }
}
