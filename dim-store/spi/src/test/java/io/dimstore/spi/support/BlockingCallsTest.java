// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.StoreOption.Scope;
import io.dimstore.spi.support.BlockingCalls.Requests;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BlockingCallsTest {

  private static final Backoff NONE = new Backoff(Duration.ZERO, Duration.ZERO);
  private static final Backoff CENTURIES =
      new Backoff(Duration.ofDays(100_000), Duration.ofDays(100_000));
  private static final Requests<Integer, String> ANSWERED =
      (connection, now) -> new CallResult<>("answer of connection " + connection, 1);

  private final StubClient client = new StubClient();
  private final List<StoreMetrics.Request> reported =
      Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger sent = new AtomicInteger();
  private @Nullable BlockingCalls<Integer> opened;

  @AfterEach
  void close() {
    if (opened != null) {
      opened.close();
    }
  }

  /** Connections are numbered from 1. */
  private static final class StubClient implements BlockingCalls.Client<Integer> {

    private final AtomicInteger connected = new AtomicInteger();
    private final Set<Integer> open = Collections.synchronizedSet(new HashSet<>());
    private volatile boolean resettable = true;
    private volatile Runnable onConnect = () -> {};

    @Override
    public Integer connect() {
      onConnect.run();
      open.add(connected.incrementAndGet());
      return connected.get();
    }

    @Override
    public boolean reset(Integer connection) {
      return resettable;
    }

    @Override
    public void close(Integer connection) {
      open.remove(connection);
    }

    @Override
    public StoreException failureOf(Exception e) {
      if (e instanceof IllegalStateException) {
        throw new IllegalStateException("no failure is known for it", e);
      }
      return new StoreException(Kind.UNAVAILABLE, String.valueOf(e.getMessage()), e);
    }
  }

  private BlockingCalls<Integer> calls() {
    return calls(Map.of(), 1, reported::add, NONE, nanos -> {});
  }

  private BlockingCalls<Integer> calls(
      Map<String, String> options,
      int connections,
      StoreMetrics metrics,
      Backoff backoff,
      LongConsumer sleeper) {
    StoreConfig config =
        StoreConfig.parse("x", Set.copyOf(CommonOptions.all()), Scope.STORE, options);
    opened =
        new BlockingCalls<>(
            "x", config, connections, client, metrics, InstantSource.system(), backoff, sleeper);
    return opened;
  }

  private Requests<Integer, String> failing(Exception failure) {
    return (connection, now) -> {
      sent.incrementAndGet();
      throw failure;
    };
  }

  private static StoreException failure(CompletionStage<?> call) throws Exception {
    try {
      throw new AssertionError("answered " + call.toCompletableFuture().get(50, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      StoreException failure = StoreException.find(e);
      assertThat(failure).isNotNull();
      return failure;
    }
  }

  private static <T> T answer(CompletionStage<T> call) throws Exception {
    return call.toCompletableFuture().get(50, TimeUnit.SECONDS);
  }

  @Test
  void refusalByTheStoreKeepsTheConnection() throws Exception {
    BlockingCalls<Integer> calls = calls();
    StoreException invalid = StoreException.invalid("no such key");
    assertThat(failure(calls.call(Operation.WRITE, 1, failing(invalid)))).isSameAs(invalid);
    assertThat(answer(calls.call(Operation.GET, 1, ANSWERED))).isEqualTo("answer of connection 1");
    assertThat(sent).hasValue(1);
    assertThat(client.open).containsExactly(1);
  }

  @Test
  void connectionThatCannotBeResetIsClosed() throws Exception {
    client.resettable = false;
    BlockingCalls<Integer> calls = calls();
    StoreException invalid = StoreException.invalid("no such key");
    failure(calls.call(Operation.WRITE, 1, failing(invalid)));
    assertThat(client.open).isEmpty();
    assertThat(answer(calls.call(Operation.GET, 1, ANSWERED))).isEqualTo("answer of connection 2");
  }

  @Test
  void failureThatMayBeRetriedIsRetried() throws Exception {
    BlockingCalls<Integer> calls = calls();
    Requests<Integer, String> thirdTime =
        (connection, now) -> {
          if (sent.incrementAndGet() < 3) {
            throw new Exception("down");
          }
          return new CallResult<>("third", 1);
        };
    assertThat(answer(calls.call(Operation.GET, 1, thirdTime))).isEqualTo("third");
    assertThat(reported).extracting(StoreMetrics.Request::retries).containsExactly(0, 1, 2);
    assertThat(reported)
        .extracting(StoreMetrics.Request::failure)
        .containsExactly(Kind.UNAVAILABLE, Kind.UNAVAILABLE, null);
  }

  @Test
  void callThatEndsDuringAPauseIsNotSentAgain() throws Exception {
    CompletableFuture<CompletionStage<?>> pausing = new CompletableFuture<>();
    BlockingCalls<Integer> calls =
        calls(Map.of(), 1, reported::add, NONE, nanos -> cancel(pausing));
    CompletionStage<String> call = calls.call(Operation.WRITE, 1, failing(new Exception("down")));
    pausing.complete(call);
    // The only thread answers this call, so it has finished the one before it.
    answer(calls.call(Operation.GET, 1, ANSWERED));
    assertThat(sent).hasValue(1);
  }

  @Test
  void callThatEndsByCloseDuringAPauseIsNotSentAgain() throws Exception {
    CountDownLatch pauseEnded = new CountDownLatch(1);
    BlockingCalls<Integer> calls =
        calls(
            Map.of(),
            1,
            reported::add,
            NONE,
            nanos -> {
              close();
              pauseEnded.countDown();
            });
    CompletionStage<String> call = calls.call(Operation.WRITE, 1, failing(new Exception("down")));
    assertThat(failure(call).kind()).isEqualTo(Kind.CLOSED);
    assertThat(pauseEnded.await(50, TimeUnit.SECONDS)).isTrue();
    awaitNoThread();
    assertThat(sent).hasValue(1);
    assertThat(client.open).isEmpty();
  }

  @Test
  void callThatEndsWhileItConnectsIsNotSent() throws Exception {
    CompletableFuture<CompletionStage<?>> connecting = new CompletableFuture<>();
    client.onConnect = () -> cancel(connecting);
    BlockingCalls<Integer> calls = calls();
    CompletionStage<String> call = calls.call(Operation.WRITE, 1, failing(new Exception("down")));
    connecting.complete(call);
    answer(calls.call(Operation.GET, 1, ANSWERED));
    assertThat(sent).hasValue(0);
    assertThat(client.open).containsExactly(1);
  }

  @Test
  void pauseEndsAtTheDeadline() throws Exception {
    CompletableFuture<CompletionStage<?>> pausing = new CompletableFuture<>();
    AtomicLong paused = new AtomicLong();
    BlockingCalls<Integer> calls =
        calls(
            Map.of("deadline", "1 h"),
            1,
            reported::add,
            CENTURIES,
            nanos -> {
              paused.set(nanos);
              cancel(pausing);
            });
    pausing.complete(calls.call(Operation.GET, 1, failing(new Exception("down"))));
    answer(calls.call(Operation.GET, 1, ANSWERED));
    assertThat(paused.get()).isBetween(1L, Duration.ofHours(1).toNanos());
    assertThat(sent).hasValue(1);
  }

  @Test
  void errorEndsItsCallAtOnce() throws Exception {
    BlockingCalls<Integer> calls =
        calls(Map.of("deadline", "1 h"), 1, reported::add, NONE, nanos -> {});
    Requests<Integer, String> broken =
        (connection, now) -> {
          throw new NoClassDefFoundError("driver");
        };
    assertThat(failure(calls.call(Operation.GET, 1, broken)))
        .hasRootCauseInstanceOf(NoClassDefFoundError.class);
    assertThat(answer(calls.call(Operation.GET, 1, ANSWERED))).isEqualTo("answer of connection 2");
    assertThat(client.open).containsExactly(2);
  }

  @Test
  void clientThatCannotTellAFailureEndsTheCallAtOnce() throws Exception {
    BlockingCalls<Integer> calls =
        calls(Map.of("deadline", "1 h"), 1, reported::add, NONE, nanos -> {});
    assertThat(failure(calls.call(Operation.GET, 1, failing(new IllegalStateException("odd")))))
        .hasMessageContaining("no failure is known for it");
  }

  @Test
  void failureOfTheMetricsDoesNotSendTheRequestsAgain() throws Exception {
    StoreMetrics broken =
        request -> {
          throw new IllegalArgumentException("metrics");
        };
    BlockingCalls<Integer> calls = calls(Map.of("deadline", "1 h"), 1, broken, NONE, nanos -> {});
    Requests<Integer, String> counted =
        (connection, now) -> {
          sent.incrementAndGet();
          return new CallResult<>("written", 1);
        };
    assertThat(answer(calls.call(Operation.WRITE, 1, counted))).isEqualTo("written");
    assertThat(failure(calls.call(Operation.WRITE, 1, failing(new Exception("down")))))
        .hasMessageContaining("metrics");
    assertThat(sent).hasValue(2);
  }

  @Test
  void noMoreCallsRunThanThereAreConnections() throws Exception {
    BlockingCalls<Integer> calls = calls(Map.of(), 3, reported::add, NONE, nanos -> {});
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Requests<Integer, String> counted =
        (connection, now) -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          Thread.yield();
          running.decrementAndGet();
          return new CallResult<>("", 1);
        };
    List<CompletionStage<String>> all = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      all.add(calls.call(Operation.GET, 1, counted));
    }
    for (CompletionStage<String> call : all) {
      answer(call);
    }
    assertThat(most.get()).isBetween(1, 3);
    assertThat(client.connected.get()).isBetween(1, 3);
  }

  @Test
  void waitingCallsAreDroppedByClose() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    BlockingCalls<Integer> calls = calls();
    Requests<Integer, String> waits =
        (connection, now) -> {
          sent.incrementAndGet();
          stuck.await();
          return new CallResult<>("", 1);
        };
    List<CompletionStage<String>> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      all.add(calls.call(Operation.GET, 1, waits));
    }
    calls.close();
    stuck.countDown();
    for (CompletionStage<String> call : all) {
      assertThat(failure(call).kind()).isEqualTo(Kind.CLOSED);
    }
    awaitNoThread();
    assertThat(sent).hasValueLessThanOrEqualTo(1);
    assertThat(client.open).isEmpty();
  }

  private static void cancel(CompletableFuture<CompletionStage<?>> call) {
    call.orTimeout(50, TimeUnit.SECONDS).join().toCompletableFuture().cancel(false);
  }

  private static void awaitNoThread() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("dimstore-x")) {
        thread.join(50_000);
        assertThat(thread.isAlive()).isFalse();
      }
    }
  }
}
