// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis;

import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Threads that each look up one key after another, with a pause in between. */
final class Callers implements AutoCloseable {

  private static final int PAUSE_MILLIS = 5;

  private final Users users;
  private final List<String> ids;
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
  private final AtomicInteger next = new AtomicInteger();
  private final LongAdder answered = new LongAdder();
  private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();
  private volatile boolean ended;

  private Callers(Users users, List<String> ids) {
    this.users = users;
    this.ids = ids;
  }

  static Callers start(int number, Users users, List<String> ids) {
    Callers callers = new Callers(users, ids);
    for (int i = 0; i < number; i++) {
      callers.call();
    }
    return callers;
  }

  private void call() {
    Key key = Key.of(ids.get(next.getAndIncrement() % ids.size()));
    CompletionStage<?> answer = users.table().get(List.of(key), users.spec().all());
    answer.whenComplete(
        (found, failure) -> {
          if (failure == null) {
            answered.increment();
          } else if (!ended) {
            failures
                .computeIfAbsent(
                    String.valueOf(StoreException.find(failure)), kind -> new LongAdder())
                .increment();
          }
          if (!ended) {
            var unused = timer.schedule(this::call, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
          }
        });
  }

  /** Waits for this many further answers. */
  void await(int more) {
    long end = answered.sum() + more;
    HBaseShell.await(more + " answers", () -> answered.sum() >= end);
  }

  Map<String, LongAdder> failures() {
    return failures;
  }

  @Override
  public void close() {
    ended = true;
    timer.shutdownNow();
  }
}
