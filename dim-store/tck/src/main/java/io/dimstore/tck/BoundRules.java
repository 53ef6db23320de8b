package io.dimstore.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** R14: calls, their time and the memory that they take are bounded. */
abstract class BoundRules {

  private static final int PENDING = 20;
  private static final int ROUNDS = 5;

  private final Kit kit;
  private final Rows rows;

  BoundRules(Kit kit) {
    this.kit = kit;
    this.rows = kit.rows();
  }

  @Test
  void r14aGetsBeyondTheBoundAreThrottledAndTheOthersAnswered() {
    Put row = Rows.put(rows.key("row"), "x", 1);
    rows.write(row);
    burst(bounded -> bounded.table().get(List.of(row.key()), bounded.all()))
        .forEach(found -> assertThat(found).isEqualTo(List.of(row)));
  }

  @Test
  void r14aWritesBeyondTheBoundAreThrottledAndTheOthersApplied() {
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
   * Makes many calls without waiting, and one from within the metrics, when a call is under way for
   * certain even where the store answers on the caller's thread; returns the answers of those that
   * were not throttled.
   */
  private List<@Nullable Object> burst(Function<Rows, CompletionStage<?>> call) {
    Queue<CompletionStage<?>> calls = new ConcurrentLinkedQueue<>();
    AtomicReference<@Nullable Rows> inner = new AtomicReference<>();
    AtomicBoolean called = new AtomicBoolean();
    StoreMetrics callBack =
        request -> {
          Rows bounded = inner.get();
          if (bounded != null && called.compareAndSet(false, true)) {
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
    bounded.assertAbsent(rows.key("none"));
    return answered;
  }

  @Test
  void r14bACallLargerThanTheBoundIsAdmittedAlone() {
    List<Put> puts =
        IntStream.range(0, 150).mapToObj(i -> Rows.put(rows.key(i), "v" + i, i)).toList();
    Rows bounded = rows.through(kit.open(Map.of("max-pending", "10")));
    bounded.write(puts);
    assertThat(bounded.getAll(puts.stream().map(Put::key).toList())).isEqualTo(puts);
  }

  @Test
  void r14cWhatHasEndedMakesRoom() {
    Rows bounded = rows.through(kit.open(Map.of("max-pending", "1")));
    Rows nowhere = new Rows(kit, bounded.store(), kit.declarePlain("nowhere"), "x-");
    Key key = bounded.key("room");
    for (int i = 0; i < 20; i++) {
      Put row = Rows.put(key, "v" + i, i);
      bounded.write(row);
      bounded.assertHas(row);
      // How these fail is R11a and R3e.
      kit.answers().end(() -> nowhere.table().get(List.of(key), nowhere.all()));
      kit.answers().end(() -> bounded.table().write(List.of(Rows.put(key, "x", -1))));
      bounded.scanOwn(true);
    }
  }

  /** More calls than a store could let time out one after the other. */
  @Test
  void r14eTheDeadlineOfWhatWaitsStartsAtItsAdmission() {
    Duration deadline = kit.harness().shortDeadline();
    Duration limit = Collections.min(List.of(kit.harness().patience(), Duration.ofSeconds(10)));
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

  /** What has ended is let go of: by the memory, and by what is sent to the server afterwards. */
  @Test
  void r14fWhatHasEndedIsNeitherHeldNorSent() {
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
          boolean letGo =
              kit.answers()
                  .eventually(
                      () -> {
                        System.gc();
                        return held(keys) <= 2 * PENDING;
                      });
          assertThat(letGo)
              .as(
                  "keys of %d calls that have ended, of which at most %d were under way at a time,"
                      + " are let go of; held: %d",
                  keys.size(), PENDING, held(keys))
              .isTrue();
          metrics.reset();
          end.run();
          Key probe = rows.key("probe");
          kit.answers().retried(() -> stuck.table().get(List.of(probe), stuck.all()));
          int sent = metrics.requests().stream().mapToInt(StoreMetrics.Request::keys).sum();
          assertThat(sent)
              .as("keys sent to the server once it is back, %d calls having ended", keys.size())
              .isLessThanOrEqualTo(2 * PENDING);
        });
  }

  private static long held(List<WeakReference<Key>> keys) {
    return keys.stream().filter(key -> key.get() != null).count();
  }

  /** As many calls as are admitted, and a few more; returns when all have ended. */
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
  void r14gAStuckCacheCostsNoAnswers() {
    List<Put> puts =
        IntStream.range(0, 200).mapToObj(i -> Rows.put(rows.key("c" + i), "v" + i, i)).toList();
    rows.write(puts);
    List<Key> keys = puts.stream().map(Put::key).toList();
    // A miss and a hit, where reading makes copies.
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
