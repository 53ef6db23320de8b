// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.tck.harness.Provocation;
import io.dimstore.tck.harness.RecordingMetrics;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Parallel;
import io.dimstore.tck.internal.fixture.Rows;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** R14: the number of calls, their time and their memory are bounded. */
public abstract class BoundRules {

  private static final int PENDING = 20;
  private static final int ROUNDS = 5;
  private static final int CALLERS = 20;
  private static final Duration MOST_PATIENCE = Duration.ofSeconds(10);

  private final Kit kit;
  private final Rows rows;

  public BoundRules(Kit kit) {
    this.kit = kit;
    this.rows = kit.rows();
  }

  @Test
  void r14aGetsBeyondMaxPendingAreThrottledAndTheOthersAnswered() {
    Put row = Rows.put(rows.key("row"), "x", 1);
    rows.write(row);
    burst(bounded -> bounded.table().get(List.of(row.key()), bounded.all()))
        .forEach(found -> assertThat(found).isEqualTo(List.of(row)));
  }

  @Test
  void r14aWritesBeyondMaxPendingAreThrottledAndTheOthersApplied() {
    AtomicInteger number = new AtomicInteger();
    Function<Rows, CompletionStage<?>> write =
        bounded ->
            bounded
                .table()
                .write(List.of(Rows.put(rows.key("w" + number.getAndIncrement()), "x", 1)));
    int succeeded = burst(write).size();
    List<Key> keys = IntStream.range(0, number.get()).mapToObj(i -> rows.key("w" + i)).toList();
    assertThat(rows.getAll(keys).stream().filter(Objects::nonNull).count())
        .as("rows found after %d writes that succeeded", succeeded)
        .isPositive()
        .isGreaterThanOrEqualTo(succeeded);
  }

  /**
   * Makes many calls without waiting, and returns the answers of those that were not throttled.
   * Further calls are made while the store reports a request to the metrics. So two calls are
   * pending at the same time, even if the store answers on the caller's thread. Some requests
   * belong to no call, such as those of a periodic task; so one further call is not enough.
   */
  private List<@Nullable Object> burst(Function<Rows, CompletionStage<?>> call) {
    Queue<CompletionStage<?>> calls = new ConcurrentLinkedQueue<>();
    AtomicReference<@Nullable Rows> inner = new AtomicReference<>();
    AtomicInteger further = new AtomicInteger();
    StoreMetrics callBack =
        request -> {
          Rows bounded = inner.get();
          if (bounded != null && further.incrementAndGet() <= 200) {
            calls.add(call.apply(bounded));
          }
        };
    Rows bounded = rows.through(kit.open(Map.of("max-pending", "1"), callBack));
    bounded.assertAbsent(rows.key("none"));
    inner.set(bounded);
    for (int i = 0; i < 200; i++) {
      calls.add(call.apply(bounded));
    }
    List<@Nullable Object> answered = new ArrayList<>();
    int throttled = 0;
    for (CompletionStage<?> each : calls) {
      try {
        answered.add(kit.answers().await(each));
      } catch (StoreException e) {
        assertThat(e.kind()).as("%s", e).isEqualTo(StoreException.Kind.THROTTLED);
        throttled++;
      }
    }
    assertThat(throttled).as("calls throttled of %d at max-pending 1", calls.size()).isPositive();
    inner.set(null);
    // A further call that was made meanwhile may still be pending.
    assertThat(kit.answers().eventually(() -> isAdmitted(bounded), MOST_PATIENCE))
        .as("a call is admitted when the others have ended")
        .isTrue();
    return answered;
  }

  private boolean isAdmitted(Rows bounded) {
    try {
      bounded.assertAbsent(rows.key("none"));
      return true;
    } catch (StoreException e) {
      assertThat(e.kind()).as("%s", e).isEqualTo(StoreException.Kind.THROTTLED);
      return false;
    }
  }

  @Test
  void r14bCallLargerThanMaxPendingIsAdmittedAlone() {
    List<Put> puts =
        IntStream.range(0, 150).mapToObj(i -> Rows.put(rows.key(i), "v" + i, i)).toList();
    Rows bounded = rows.through(kit.open(Map.of("max-pending", "10")));
    bounded.write(puts);
    assertThat(bounded.getAll(puts.stream().map(Put::key).toList())).isEqualTo(puts);
  }

  @Test
  void r14cEndedCallsNoLongerCountAgainstMaxPending() {
    Rows bounded = rows.through(kit.open(Map.of("max-pending", "1")));
    Rows nowhere = new Rows(kit, bounded.store(), kit.declarePlain("nowhere"), "x-");
    Key key = bounded.key("room");
    for (int i = 0; i < 20; i++) {
      Put row = Rows.put(key, "v" + i, i);
      bounded.write(row);
      bounded.assertHas(row);
      // R11a and R3e test how these fail.
      kit.answers().end(() -> nowhere.table().get(List.of(key), nowhere.all()));
      kit.answers().end(() -> bounded.table().write(List.of(Rows.put(key, "x", -1))));
      bounded.scanOwn(true);
    }
  }

  /** A store that lets the calls time out one after the other exceeds the limit of this test. */
  @Test
  void r14eDeadlineOfAWaitingCallStartsAtItsAdmission() {
    Duration deadline = kit.harness().shortDeadline();
    Duration limit = Collections.min(List.of(kit.harness().patience(), MOST_PATIENCE));
    int count = (int) Math.min(1_000, 2 * limit.toMillis() / deadline.toMillis());
    kit.provoked(
        Provocation.STUCK,
        rows,
        kit.hurried(),
        (stuck, end) -> {
          List<CompletionStage<?>> calls = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            calls.add(stuck.table().get(List.of(rows.key("wait" + i)), stuck.all()));
            calls.add(stuck.table().write(List.of(Rows.put(rows.key("wait" + i), "x", 1))));
          }
          boolean ended =
              kit.answers()
                  .eventually(
                      () -> calls.stream().allMatch(c -> c.toCompletableFuture().isDone()),
                      deadline.plus(limit));
          assertThat(ended)
              .as(
                  "%d calls with a deadline of %s end within %s of their admission; open: %d",
                  calls.size(),
                  deadline,
                  deadline.plus(limit),
                  calls.stream().filter(c -> !c.toCompletableFuture().isDone()).count())
              .isTrue();
          calls.forEach(call -> kit.answers().assertMayBeRetried(() -> call));
        });
  }

  /** Neither the memory nor the requests sent afterwards contain calls that have ended. */
  @Test
  void r14fEndedCallsAreNeitherHeldNorSent() {
    RecordingMetrics metrics = new RecordingMetrics();
    Map<String, String> options = new HashMap<>(kit.hurried());
    options.put("max-pending", Integer.toString(PENDING));
    kit.provoked(
        Provocation.STUCK,
        rows,
        options,
        metrics,
        (stuck, end) -> {
          List<WeakReference<Key>> keys = new ArrayList<>();
          for (int round = 0; round < ROUNDS; round++) {
            offer(stuck, round, keys);
          }
          assertLetGo(keys);
          metrics.reset();
          end.run();
          Key probe = rows.key("probe");
          kit.answers().retried(() -> stuck.table().get(List.of(probe), stuck.all()));
          assertNotSent(metrics, keys.size());
        });
  }

  private void assertLetGo(List<WeakReference<Key>> keys) {
    boolean letGo =
        kit.answers()
            .eventually(
                () -> {
                  System.gc();
                  return held(keys) <= 2 * PENDING;
                });
    assertThat(letGo)
        .as(
            "keys of %d ended calls, of which at most %d were pending at a time, are no longer"
                + " held; still held: %d",
            keys.size(), PENDING, held(keys))
        .isTrue();
  }

  private static void assertNotSent(RecordingMetrics metrics, int ended) {
    int sent = metrics.requests().stream().mapToInt(StoreMetrics.Request::keys).sum();
    assertThat(sent)
        .as("keys sent to the server when it is back, after %d calls have ended", ended)
        .isLessThanOrEqualTo(2 * PENDING);
  }

  private static long held(List<WeakReference<Key>> keys) {
    return keys.stream().filter(key -> key.get() != null).count();
  }

  /** Makes as many calls as can be admitted, and returns when all have ended. */
  private void offer(Rows stuck, int round, List<WeakReference<Key>> keys) {
    List<CompletionStage<?>> calls = new ArrayList<>();
    for (int i = 0; i < PENDING; i++) {
      Key key = rows.key("offered" + round + "-" + i);
      keys.add(new WeakReference<>(key));
      calls.add(
          i % 2 == 0
              ? stuck.table().get(List.of(key), stuck.all())
              : stuck.table().write(List.of(Rows.put(key, "x", 1))));
    }
    calls.forEach(call -> kit.answers().assertMayBeRetried(() -> call));
  }

  @Test
  void r14gGetsSucceedWhileACacheIsStuck() {
    List<Put> puts =
        IntStream.range(0, 200).mapToObj(i -> Rows.put(rows.key("c" + i), "v" + i, i)).toList();
    rows.write(puts);
    List<Key> keys = puts.stream().map(Put::key).toList();
    // Reads a miss and then a hit, if reading fills copies.
    for (int i = 0; i < 2; i++) {
      rows.getAll(keys);
    }
    kit.provoked(
        Provocation.CACHE_STUCK,
        rows,
        Map.of(),
        (stuck, end) -> {
          assertThat(stuck.getAll(keys)).as("one call").isEqualTo(puts);
          List<CompletionStage<List<@Nullable Put>>> calls = new ArrayList<>();
          for (int i = 0; i < 10 * puts.size(); i++) {
            calls.add(stuck.table().get(List.of(keys.get(i % puts.size())), stuck.all()));
          }
          for (int i = 0; i < calls.size(); i++) {
            assertThat(kit.answers().await(calls.get(i)))
                .as("call %d of %d", i, calls.size())
                .containsExactly(puts.get(i % puts.size()));
          }
          end.run();
          assertThat(stuck.getAll(keys)).as("afterwards").isEqualTo(puts);
        });
  }

  /** The system of record answers; requests that waited for the cache are dropped. */
  @Test
  void r14hEndedCallsAreNeitherHeldNorSentToAStuckCache() {
    RecordingMetrics metrics = new RecordingMetrics();
    kit.provoked(
        Provocation.CACHE_STUCK,
        rows,
        Map.of("max-pending", Integer.toString(PENDING)),
        metrics,
        (stuck, end) -> {
          List<WeakReference<Key>> keys = new ArrayList<>();
          for (int round = 0; round < 2 * ROUNDS; round++) {
            List<CompletionStage<?>> calls = new ArrayList<>();
            for (int i = 0; i < PENDING; i++) {
              Key key = rows.key("cached" + round + "-" + i);
              keys.add(new WeakReference<>(key));
              calls.add(stuck.table().get(List.of(key), stuck.all()));
            }
            calls.forEach(kit.answers()::await);
          }
          assertLetGo(keys);
          metrics.reset();
          end.run();
          stuck.assertAbsent(rows.key("probe"));
          assertNotSent(metrics, keys.size());
        });
  }

  /** The deadline is twice the patience, so a call that blocks its caller fails the test. */
  @Test
  void r14iNoCallBlocksItsCallerWhileAServerIsStuck() {
    List<Put> batch =
        IntStream.range(0, 3).mapToObj(i -> Rows.put(rows.key("free" + i), "x", 1)).toList();
    List<Key> keys = batch.stream().map(Put::key).toList();
    kit.provoked(
        Provocation.STUCK,
        rows,
        Map.of("deadline", 2 * kit.harness().patience().toMillis() + " ms"),
        (stuck, end) -> {
          Runnable calling =
              () -> {
                stuck.table().get(keys, stuck.all());
                stuck.table().write(List.copyOf(batch));
                stuck.table().splits(1, ScanOptions.rows(stuck.all()));
              };
          Parallel.start(List.of(calling)).join(kit.answers());
        });
  }

  /** A store that waits for the cache on each lookup takes three times as long as allowed. */
  @Test
  void r14jSlowCacheDoesNotSlowDownLookupsUnderLoad() {
    List<Put> puts =
        IntStream.range(0, CALLERS).mapToObj(i -> Rows.put(rows.key("s" + i), "v" + i, i)).toList();
    rows.write(puts);
    List<Key> keys = puts.stream().map(Put::key).toList();
    // Reads a miss and then a hit, if reading fills copies.
    for (int i = 0; i < 2; i++) {
      rows.getAll(keys);
    }
    Duration limit = Collections.min(List.of(kit.harness().patience(), MOST_PATIENCE));
    int each = (int) (3 * limit.toMillis() / kit.harness().cacheDelay().toMillis());
    kit.provoked(
        Provocation.CACHE_SLOW,
        rows,
        Map.of(),
        (slow, end) -> {
          List<CompletionStage<?>> callers = new ArrayList<>();
          for (Put put : puts) {
            callers.add(lookUp(slow, put, each));
          }
          boolean ended =
              kit.answers()
                  .eventually(
                      () -> callers.stream().allMatch(c -> c.toCompletableFuture().isDone()),
                      limit);
          assertThat(ended)
              .as(
                  "each of %d callers gets %d lookups answered, one after the other, within %s, with"
                      + " a cache that takes %s to answer",
                  CALLERS, each, limit, kit.harness().cacheDelay())
              .isTrue();
          callers.forEach(kit.answers()::await);
          end.run();
          assertThat(slow.getAll(keys)).as("afterwards").isEqualTo(puts);
        });
  }

  /** Looks up a row this many times, one after the other. */
  private static CompletionStage<Void> lookUp(Rows rows, Put row, int times) {
    CompletionStage<Void> first =
        rows.table()
            .get(List.of(row.key()), rows.all())
            .thenAccept(found -> assertThat(found).containsExactly(row));
    return times == 1 ? first : first.thenCompose(done -> lookUp(rows, row, times - 1));
  }

  @Test
  void r14dEveryCallEndsByItsDeadline() {
    Rows hurried = rows.through(kit.open(Map.of("deadline", "5 ms")));
    List<CompletionStage<?>> calls = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      calls.add(hurried.table().write(List.of(Rows.put(hurried.key("w" + i), "x", i))));
      calls.add(hurried.table().get(List.of(hurried.key("w" + i)), hurried.all()));
    }
    for (CompletionStage<?> call : calls) {
      try {
        kit.answers().await(call);
      } catch (StoreException e) {
        assertThat(e.kind().isRetryable()).as("may be retried: %s", e).isTrue();
      }
    }
  }
}
