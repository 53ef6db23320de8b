// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.tck.harness.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A fake table with lagging replicas. It keeps the whole history of each key. Strongly consistent
 * reads return its end, and eventual reads an earlier state. Responses can be held back.
 */
final class CachedServer {

  private record State(Put row, long sinceMillis) {}

  private final TestClock clock;
  private final Map<Key, List<State>> histories = new HashMap<>();
  private final List<Runnable> held = new ArrayList<>();
  private boolean holding;
  private int lag;
  private int reads;

  CachedServer(TestClock clock) {
    this.clock = clock;
  }

  void write(Change change) {
    history(change.key()).add(new State(change instanceof Put put ? put : null, clock.millis()));
  }

  /** Sets how many changes eventual reads lag behind. */
  void lag(int changes) {
    lag = changes;
  }

  /** Holds back the responses of later reads. Their rows are those at the time of the read. */
  void hold() {
    holding = true;
  }

  void release() {
    holding = false;
    List.copyOf(held).forEach(Runnable::run);
    held.clear();
  }

  int reads() {
    return reads;
  }

  RowReader eventual() {
    return (keys, columns, deadline) -> answer(keys, lag);
  }

  RowReader strong() {
    return (keys, columns, deadline) -> answer(keys, 0);
  }

  private CompletableFuture<List<Put>> answer(List<Key> keys, int behind) {
    reads++;
    List<Put> rows = new ArrayList<>();
    for (Key key : keys) {
      List<State> history = history(key);
      rows.add(history.get(Math.max(0, history.size() - 1 - behind)).row());
    }
    CompletableFuture<List<Put>> answer = new CompletableFuture<>();
    if (holding) {
      held.add(() -> answer.complete(rows));
    } else {
      answer.complete(rows);
    }
    return answer;
  }

  private List<State> history(Key key) {
    return histories.computeIfAbsent(
        key, k -> new ArrayList<>(List.of(new State(null, Long.MIN_VALUE))));
  }

  Witness witness(String name) {
    return new Witness(name);
  }

  /** Checks what a reader of key {@code k} sees against the history. */
  final class Witness {

    private final String name;
    private final List<State> history = history(Key.of("k"));
    private int seen;
    private int written;
    private int oldest;

    Witness(String name) {
      this.name = name;
    }

    /** Notes that a write of this process succeeded, so that later reads must see it. */
    void mustSeeTheLast() {
      written = history.size() - 1;
    }

    /**
     * Notes the oldest state that the answer may have: that of max-age ago, minus the replicas'
     * lag.
     */
    void asks(Duration maxAge) {
      long from = clock.millis() - maxAge.toMillis();
      int then = history.size() - 1;
      while (history.get(then).sinceMillis() > from) {
        then--;
      }
      oldest = Math.max(Math.max(0, then - 2), Math.max(written, seen));
    }

    void sees(Put row) {
      int at = oldest;
      while (at < history.size() && !isAt(at, row)) {
        at++;
      }
      assertThat(at)
          .as(
              "%s sees %s, at or after state %d: %s",
              name, row, oldest, history.subList(oldest, history.size()))
          .isLessThan(history.size());
      seen = at;
    }

    private boolean isAt(int index, Put row) {
      Put there = history.get(index).row();
      return there == null ? row == null : there.equals(row);
    }
  }
}
