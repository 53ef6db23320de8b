package io.dimstore.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import java.util.ArrayList;
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

/** R14: calls beyond {@code max-pending} fail THROTTLED at once. */
abstract class BoundRules {

  private final Kit kit;
  private final Rows rows;

  BoundRules(Kit kit) {
    this.kit = kit;
    this.rows = kit.rows();
  }

  @Test
  void r14GetsBeyondTheBoundAreThrottledAndTheOthersAnswered() {
    Put row = Rows.put(rows.key("row"), "x", 1);
    rows.write(row);
    burst(bounded -> bounded.table().get(List.of(row.key()), bounded.all()))
        .forEach(found -> assertThat(found).isEqualTo(List.of(row)));
  }

  @Test
  void r14WritesBeyondTheBoundAreThrottledAndTheOthersApplied() {
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
  void r14ACallLargerThanTheBoundIsAdmittedAlone() {
    List<Put> puts =
        IntStream.range(0, 150).mapToObj(i -> Rows.put(rows.key(i), "v" + i, i)).toList();
    Rows bounded = rows.through(kit.open(Map.of("max-pending", "10")));
    bounded.write(puts);
    assertThat(bounded.getAll(puts.stream().map(Put::key).toList())).isEqualTo(puts);
  }

  @Test
  void r14WhatHasEndedMakesRoom() {
    Rows bounded = rows.through(kit.open(Map.of("max-pending", "1")));
    Rows nowhere = new Rows(kit, bounded.store(), kit.declarePlain("nowhere"), "x-");
    Key key = bounded.key("room");
    for (int i = 0; i < 20; i++) {
      Put row = Rows.put(key, "v" + i, i);
      bounded.write(row);
      bounded.assertHas(row);
      kit.answers()
          .assertFails(
              StoreException.Kind.NO_TABLE, () -> nowhere.table().get(List.of(key), nowhere.all()));
      kit.answers()
          .assertFails(
              StoreException.Kind.INVALID,
              () -> bounded.table().write(List.of(Rows.put(key, "x", -1))));
      bounded.scanOwn(true);
    }
  }

  @Test
  void r14EveryCallEndsByItsDeadline() {
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
