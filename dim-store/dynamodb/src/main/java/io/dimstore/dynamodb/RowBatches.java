package io.dimstore.dynamodb;

import io.dimstore.spi.Backoff;
import io.dimstore.spi.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Lets rows that wait share requests, whichever calls they came with. No two rows of a key may be
 * here at once. Thread-safe; never blocks.
 */
final class RowBatches<R> {

  /** What a request is. */
  interface Carrier<R> {

    CompletableFuture<R> send(List<RowAttempt> batch, Deadline deadline);

    /** Ends each row, or puts it back with {@link #add} or {@link #postpone}. */
    void settle(List<RowAttempt> batch, @Nullable R answer, @Nullable Throwable failure);
  }

  private static final Backoff PAUSE = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1));

  private final int most;
  private final Carrier<R> carrier;
  private final InFlight inFlight;
  private final ScheduledExecutorService timer;
  private final Queue<RowAttempt> queue = new ConcurrentLinkedQueue<>();
  private final Queue<RowAttempt> alone = new ConcurrentLinkedQueue<>();
  private final AtomicInteger flushes = new AtomicInteger();

  /**
   * @param most how many rows a request holds
   */
  RowBatches(int most, Engine engine, Carrier<R> carrier) {
    this.most = most;
    this.carrier = carrier;
    this.inFlight = engine.writes();
    this.timer = engine.timer();
  }

  /** Rows for the next flush. */
  void add(Collection<RowAttempt> rows) {
    queue.addAll(rows);
  }

  void add(RowAttempt row) {
    queue.add(row);
  }

  /** A row for the next flush that shares its request with no other. */
  void addAlone(RowAttempt row) {
    alone.add(row);
  }

  /**
   * Sends what is queued. One thread at a time goes round, for as long as others come meanwhile: no
   * recursion, however many fail at once.
   */
  void flush() {
    if (flushes.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      List<RowAttempt> batch = nextBatch();
      while (!batch.isEmpty()) {
        List<RowAttempt> sent = batch;
        Deadline deadline = latest(sent);
        inFlight
            .submit(deadline, () -> carrier.send(sent, deadline))
            .whenComplete(
                (answer, failure) -> {
                  settle(sent, answer, failure);
                  flush();
                });
        batch = nextBatch();
      }
      seen = flushes.addAndGet(-seen);
    } while (seen != 0);
  }

  /** A row that did not end would hold up its key for good. */
  private void settle(List<RowAttempt> batch, @Nullable R answer, @Nullable Throwable failure) {
    try {
      carrier.settle(batch, answer, failure);
    } catch (RuntimeException e) {
      batch.forEach(row -> row.result().completeExceptionally(e));
    }
  }

  /**
   * Sends rows again after a pause, as far as their calls still have time for it; the others give
   * up.
   *
   * @param failures how many times the one of them that failed most did
   */
  void postpone(List<RowAttempt> rows, int failures) {
    if (rows.isEmpty()) {
      return;
    }
    long wait = PAUSE.nanos(failures);
    List<RowAttempt> waiting = new ArrayList<>(rows.size());
    for (RowAttempt row : rows) {
      if (wait < row.deadline().remainingNanos()) {
        waiting.add(row);
      } else {
        row.giveUp();
      }
    }
    try {
      timer.schedule(
          () -> {
            queue.addAll(waiting);
            flush();
          },
          wait,
          TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // The store is being closed.
      waiting.forEach(RowAttempt::giveUp);
    }
  }

  private List<RowAttempt> nextBatch() {
    RowAttempt single = nextInTime(alone);
    if (single != null) {
      return List.of(single);
    }
    List<RowAttempt> batch = new ArrayList<>(most);
    while (batch.size() < most) {
      RowAttempt next = nextInTime(queue);
      if (next == null) {
        return batch;
      }
      batch.add(next);
    }
    return batch;
  }

  private static @Nullable RowAttempt nextInTime(Queue<RowAttempt> queue) {
    RowAttempt next = queue.poll();
    while (next != null && next.deadline().isOver()) {
      next.giveUp();
      next = queue.poll();
    }
    return next;
  }

  /** Each call ends by its own deadline whatever its rows share a request with. */
  private static Deadline latest(List<RowAttempt> batch) {
    Deadline latest = batch.get(0).deadline();
    for (RowAttempt row : batch) {
      if (row.deadline().remainingNanos() > latest.remainingNanos()) {
        latest = row.deadline();
      }
    }
    return latest;
  }
}
