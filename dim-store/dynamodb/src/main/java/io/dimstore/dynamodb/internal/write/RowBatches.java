// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.write;

import io.dimstore.dynamodb.internal.capacity.ConcurrencyLimiter;
import io.dimstore.dynamodb.internal.client.StoreContext;
import io.dimstore.spi.support.Backoff;
import io.dimstore.spi.support.Deadline;
import io.dimstore.spi.support.RetryTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Combines waiting rows of any calls into requests. A request takes its rows when the concurrency
 * limiter lets it run, so rows that wait for it share it. At most one row of a key may be queued or
 * in flight at once. Thread-safe; never blocks.
 */
final class RowBatches<R> {

  /** Sends the rows of a request and handles its response. */
  interface Carrier<R> {

    CompletableFuture<R> send(List<RowAttempt> batch, Deadline deadline);

    /** Completes each row, or queues it again with {@link #add} or {@link #postpone}. */
    void complete(List<RowAttempt> batch, @Nullable R answer, @Nullable Throwable failure);

    /**
     * Fails a row because {@link #complete} threw. The outcome of the row is unknown, and an
     * attempt may still arrive.
     */
    void fail(RowAttempt row, Throwable failure);

    /**
     * Fails a row that is not sent again, because its deadline has passed or would pass before the
     * next attempt.
     */
    void giveUp(RowAttempt row);
  }

  private static final Backoff PAUSE = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1));

  private final int most;
  private final Carrier<R> carrier;
  private final ConcurrencyLimiter inFlight;
  private final RetryTimer retries;
  private final Queue<RowAttempt> queue = new ConcurrentLinkedQueue<>();
  private final Queue<RowAttempt> alone = new ConcurrentLinkedQueue<>();
  private final AtomicInteger flushes = new AtomicInteger();

  /** The rows that were queued since the last flush, for which no request was submitted yet. */
  private final AtomicInteger unrequested = new AtomicInteger();

  private final AtomicInteger unrequestedAlone = new AtomicInteger();

  /**
   * @param most the most rows of a request
   */
  RowBatches(int most, StoreContext context, Carrier<R> carrier) {
    this.most = most;
    this.carrier = carrier;
    this.inFlight = context.writes();
    this.retries = new RetryTimer(context.timer());
  }

  /** Queues rows for the next flush. */
  void add(Collection<RowAttempt> rows) {
    queue.addAll(rows);
    unrequested.addAndGet(rows.size());
  }

  void add(RowAttempt row) {
    queue.add(row);
    unrequested.incrementAndGet();
  }

  /** Queues a row for the next flush, to be sent in a request of its own. */
  void addAlone(RowAttempt row) {
    alone.add(row);
    unrequestedAlone.incrementAndGet();
  }

  /**
   * Submits requests for the queued rows. One thread at a time does this, and repeats it if other
   * threads have called this method meanwhile. So there is no recursion, even if many rows fail at
   * once.
   */
  void flush() {
    if (flushes.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      for (int rows = unrequestedAlone.getAndSet(0); rows > 0; rows--) {
        submit(this::nextAlone);
      }
      // A request may also take rows that are queued later. Their own request then finds fewer.
      for (int rows = unrequested.getAndSet(0); rows > 0; rows -= most) {
        submit(this::nextBatch);
      }
      seen = flushes.addAndGet(-seen);
    } while (seen != 0);
  }

  /**
   * Submits a request. Its response is handled after its place is free, so that the next request
   * need not wait for that.
   */
  private void submit(Supplier<List<RowAttempt>> rows) {
    AtomicReference<@Nullable List<RowAttempt>> taken = new AtomicReference<>();
    inFlight
        .submit(() -> send(rows.get(), taken))
        .whenComplete(
            (answer, failure) -> {
              List<RowAttempt> batch = taken.get();
              // If the store was closed before, the request has not taken its rows.
              end(batch == null ? rows.get() : batch, answer, failure);
            });
  }

  private CompletableFuture<@Nullable R> send(
      List<RowAttempt> batch, AtomicReference<@Nullable List<RowAttempt>> taken) {
    taken.set(batch);
    // When a row is given up, the next row of its key enters the queue.
    flush();
    return batch.isEmpty()
        ? CompletableFuture.completedFuture(null)
        : carrier.send(batch, latest(batch)).thenApply(answer -> answer);
  }

  private void end(List<RowAttempt> batch, @Nullable R answer, @Nullable Throwable failure) {
    if (!batch.isEmpty()) {
      complete(batch, answer, failure);
    }
    flush();
  }

  /**
   * Handles a response. If that throws, fails the rows: a row that never completes would block its
   * key for ever.
   */
  private void complete(List<RowAttempt> batch, @Nullable R answer, @Nullable Throwable failure) {
    try {
      carrier.complete(batch, answer, failure);
    } catch (RuntimeException | Error e) {
      for (RowAttempt row : batch) {
        if (!row.result().isDone()) {
          carrier.fail(row, e);
        }
      }
    }
  }

  /**
   * Sends rows again after a pause. Rows whose deadline comes first fail.
   *
   * @param failures the largest number of failures of one of the rows, which sets the pause
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
        carrier.giveUp(row);
      }
    }
    boolean again =
        retries.schedule(
            () -> {
              add(waiting);
              flush();
            },
            wait);
    if (!again) {
      waiting.forEach(carrier::giveUp);
    }
  }

  private List<RowAttempt> nextAlone() {
    RowAttempt row = nextInTime(alone);
    return row == null ? List.of() : List.of(row);
  }

  private List<RowAttempt> nextBatch() {
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

  private @Nullable RowAttempt nextInTime(Queue<RowAttempt> queue) {
    RowAttempt next = queue.poll();
    while (next != null && next.deadline().isOver()) {
      carrier.giveUp(next);
      next = queue.poll();
    }
    return next;
  }

  /**
   * Returns the latest deadline of the rows. Each call still fails at its own deadline, whatever
   * the deadline of the request.
   */
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
