// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink;

import io.dimstore.flink.internal.metrics.ConnectorMetric;
import io.dimstore.flink.internal.sink.deadletter.InvalidRows;
import io.dimstore.flink.internal.sink.deadletter.RefusedRow;
import io.dimstore.flink.internal.store.DimTable;
import io.dimstore.flink.internal.store.ReportedFailures;
import io.dimstore.flink.internal.store.Retry;
import io.dimstore.flink.internal.store.TableMeter;
import io.dimstore.spi.Change;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.RowKind;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the changes of one subtask in batches. Of the waiting changes of a key, only the newest is
 * sent. If a refused change does not fail the job, the changes that it replaced are kept until it
 * is written; if the store refuses it, the newest of them is sent. No two writes in flight contain
 * the same key, so the changes of a key reach the store in the order of their arrival. {@link
 * #flush} returns when every change was written, replaced by one that was written, or written to
 * the dead letters. All state is accessed by the task's thread only.
 */
final class DimSinkWriter implements StatefulSinkWriter<RowData, ArrivalClock.State> {

  private static final Logger LOG = LoggerFactory.getLogger(DimSinkWriter.class);

  private final String doing;
  private final ChangeReader reader;
  private final Target target;
  private final InvalidRows invalid;
  private final @Nullable ArrivalClock arrival;
  private final int batchSize;
  private final int maxInFlight;

  /** The most changes that wait or are kept: as many as may wait and be in flight. */
  private final long maxPending;

  /** Whether a change waits for others even if no write is in flight. */
  private final boolean delayed;

  private final long lingerMillis;
  private final MailboxExecutor mailbox;
  private final ProcessingTimeService timers;
  private final TableMeter changes;
  private final TableMeter written;
  private final TableMeter coalesced;
  private final TableMeter reoffered;
  private final TableMeter writes;

  /** The changes that wait or are being written, for the thread that reports metrics. */
  private final AtomicInteger shownPending = new AtomicInteger();

  private final SinkWriterMetricGroup metrics;

  private final PendingChanges pending;

  /** Writes that ended in the same millisecond of the arrival clock in which they began. */
  private final ArrayDeque<Ended> sameMillisecond = new ArrayDeque<>();

  private int writesUnderWay;
  private int changesUnderWay;
  private long newestArrival;
  private boolean timerArmed;
  private boolean tickArmed;
  private volatile boolean closed;

  /**
   * The target of the changes.
   *
   * @param table the table
   * @param retry retries writes
   * @param release called once, when the writer no longer needs the table
   */
  record Target(Writes table, Retry retry, Runnable release) {}

  /** Writes changes of distinct keys: newest version per key, and again without harm. */
  @FunctionalInterface
  interface Writes {
    CompletionStage<Void> write(List<Change> changes);
  }

  /** A write, and the arrival clock's time when it was sent, or 0 without that clock. */
  private record Ended(List<Change> changes, long sentAt) {}

  /**
   * Creates a writer.
   *
   * @param arrival the clock that assigns versions, or null if the rows carry their versions
   */
  DimSinkWriter(
      DimTable table,
      ChangeReader reader,
      Target target,
      InvalidRows invalid,
      @Nullable ArrivalClock arrival,
      MailboxExecutor mailbox,
      ProcessingTimeService timers,
      SinkWriterMetricGroup metrics) {
    this.doing = table.describeWriting();
    this.reader = reader;
    this.target = target;
    this.invalid = invalid;
    this.arrival = arrival;
    this.batchSize = table.sink().batchSize();
    this.maxInFlight = table.sink().maxInFlight();
    this.maxPending = (2L + maxInFlight) * batchSize;
    this.pending = new PendingChanges(invalid.continues());
    Duration delay = table.sink().delay();
    this.delayed = !delay.isZero();
    this.lingerMillis = (delayed ? delay : table.sink().linger()).toMillis();
    this.mailbox = mailbox;
    this.timers = timers;
    this.changes = TableMeter.of(table, ConnectorMetric.CHANGES, metrics);
    this.written = TableMeter.of(table, ConnectorMetric.CHANGES_WRITTEN, metrics);
    this.coalesced = TableMeter.of(table, ConnectorMetric.CHANGES_COALESCED, metrics);
    this.reoffered = TableMeter.of(table, ConnectorMetric.CHANGES_REOFFERED, metrics);
    this.writes = TableMeter.of(table, ConnectorMetric.WRITES, metrics);
    TableMeter.group(table, metrics)
        .gauge(ConnectorMetric.CHANGES_PENDING.metric(), (Gauge<Integer>) shownPending::getOpaque);
    this.metrics = metrics;
  }

  @Override
  public void write(RowData row, Context context) throws IOException, InterruptedException {
    awaitFirstVersion();
    Change change;
    try {
      change = reader.read(row);
    } catch (RefusedRow e) {
      invalid.refuse(row, e);
      return;
    }
    changes.add(1);
    if (!pending.add(change)) {
      coalesced.add(1);
    }
    showPending();
    if (row.getRowKind() == RowKind.UPDATE_BEFORE) {
      // The replacing row usually comes next. Writing both together keeps readers from seeing the
      // row missing.
      armTimer();
    } else if (isDue()) {
      send();
    } else {
      armTimer();
    }
    while (pending.waiting() >= 2 * batchSize || pending.size() >= maxPending) {
      mailbox.yield();
      send();
    }
  }

  @Override
  public void flush(boolean endOfInput) throws IOException, InterruptedException {
    send();
    while (pending.waiting() > 0 || writesUnderWay > 0) {
      mailbox.yield();
      send();
    }
    invalid.flush(endOfInput);
    if (endOfInput) {
      awaitLocalClock();
    }
  }

  /** Waits until this writer's versions are above those of every writer that ended before it. */
  private void awaitFirstVersion() throws InterruptedException {
    if (arrival != null && arrival.millisUntilFirstVersion() > 0) {
      await(arrival, arrival::millisUntilFirstVersion);
    }
  }

  /**
   * Waits until the local clock has passed every version that was assigned, so that a job started
   * after the end of this one assigns greater versions. There is something to wait for only if the
   * clock was set back. If it was set back by more than the tolerance, the wait ends before the
   * clock has caught up.
   */
  private void awaitLocalClock() throws InterruptedException {
    if (arrival == null) {
      return;
    }
    long left = await(arrival, () -> arrival.millisUntilPast(newestArrival));
    if (left > 1) {
      LOG.warn(
          "{}: the versions by arrival end {} ms ahead of the local clock; a job that writes the same"
              + " keys sooner may be superseded",
          doing,
          left);
    }
  }

  /** Waits for the local clock, up to a limit, and returns the milliseconds that are left. */
  private long await(ArrivalClock clock, LongSupplier millisLeft) throws InterruptedException {
    LongSupplier wait = clock.beginWait();
    long left = millisLeft.getAsLong();
    while (left > 0 && wait.getAsLong() > 0) {
      armTick(Math.min(left, wait.getAsLong()));
      mailbox.yield();
      left = millisLeft.getAsLong();
    }
    return left;
  }

  @Override
  public List<ArrivalClock.State> snapshotState(long checkpointId) {
    return arrival == null ? List.of() : List.of(arrival.state());
  }

  @Override
  public void close() throws Exception {
    closed = true;
    try {
      invalid.close();
    } finally {
      target.release().run();
    }
  }

  /** Sends as many batches as are allowed, without the keys that are in flight. */
  private void send() {
    if (closed) {
      return;
    }
    releaseEnded();
    while (writesUnderWay < maxInFlight && pending.hasReady()) {
      List<Change> batch = pending.take(batchSize);
      writesUnderWay++;
      changesUnderWay += batch.size();
      long now = 0;
      if (arrival != null) {
        now = arrival.now();
        newestArrival = now;
      }
      send(batch, now);
    }
    if (writesUnderWay == 0 && pending.waiting() > 0) {
      armTick(1);
    }
  }

  private void send(List<Change> batch, long sentAt) {
    writes.add(1);
    target
        .retry()
        .run(() -> write(batch))
        .whenComplete((done, failure) -> report(batch, sentAt, failure));
  }

  private CompletionStage<Void> write(List<Change> batch) {
    return closed
        ? CompletableFuture.failedFuture(new CancellationException("The sink was closed"))
        : target.table().write(batch);
  }

  private void report(List<Change> batch, long sentAt, @Nullable Throwable failure) {
    try {
      mailbox.execute(() -> ended(batch, sentAt, failure), "%s", doing);
    } catch (RejectedExecutionException e) {
      // The task has ended and no longer waits for this write.
      closed = true;
    }
  }

  private void ended(List<Change> batch, long sentAt, @Nullable Throwable failure)
      throws IOException, InterruptedException {
    if (failure != null) {
      List<Change> rest = withoutRefused(batch, failure);
      changesUnderWay -= batch.size() - rest.size();
      showPending();
      if (!rest.isEmpty()) {
        send(rest, sentAt);
        return;
      }
    } else {
      pending.written(batch);
      changesUnderWay -= batch.size();
      written.add(batch.size());
      metrics.getNumRecordsSendCounter().inc(batch.size());
    }
    writesUnderWay--;
    showPending();
    if (failure == null) {
      sameMillisecond.add(new Ended(batch, sentAt));
    }
    releaseEnded();
    if (pending.waiting() > 0) {
      if (isDue()) {
        send();
      } else if (delayed) {
        armTimer();
      }
    }
  }

  private boolean isDue() {
    return pending.waiting() >= batchSize || (writesUnderWay == 0 && !delayed);
  }

  private void showPending() {
    shownPending.setOpaque(pending.size() + changesUnderWay);
  }

  /**
   * Releases the keys of completed writes. A key is not released in the millisecond in which its
   * write was sent, because its next change would get an equal version.
   */
  private void releaseEnded() {
    while (!sameMillisecond.isEmpty()) {
      Ended first = sameMillisecond.getFirst();
      long now = arrival == null ? 0 : arrival.now();
      if (arrival != null && now <= first.sentAt()) {
        return;
      }
      sameMillisecond.removeFirst();
      pending.release(first.changes(), now);
    }
  }

  /**
   * Passes the changes whose keys the store refused to the handler of invalid rows. The changes
   * that they had replaced wait again.
   *
   * @return the other changes, which the store may have written or not
   * @throws IOException if the write failed for another reason
   */
  private List<Change> withoutRefused(List<Change> batch, Throwable failure)
      throws IOException, InterruptedException {
    StoreException known = StoreException.find(failure);
    if (known == null || known.kind() != StoreException.Kind.INVALID) {
      throw ReportedFailures.of(doing, failure);
    }
    Set<Key> blamed = new HashSet<>(known.keys());
    List<Change> refused = new ArrayList<>();
    List<Change> rest = new ArrayList<>(batch.size());
    for (Change change : batch) {
      (blamed.contains(change.key()) ? refused : rest).add(change);
    }
    if (refused.isEmpty()) {
      throw ReportedFailures.of(doing, failure);
    }
    for (Change change : refused) {
      invalid.refuse(
          change,
          new RefusedRow(
              RefusedRow.Reason.REFUSED_BY_STORE,
              "key " + change.key() + ": " + known.getMessage()));
      if (pending.refused(change)) {
        reoffered.add(1);
      }
    }
    if (pending.hasReady()) {
      armTimer();
    }
    return rest;
  }

  private void armTimer() {
    if (!timerArmed) {
      timerArmed = true;
      timers.registerTimer(
          timers.getCurrentProcessingTime() + lingerMillis,
          time -> {
            timerArmed = false;
            send();
          });
    }
  }

  private void armTick(long millis) {
    if (!tickArmed) {
      tickArmed = true;
      timers.registerTimer(
          timers.getCurrentProcessingTime() + Math.max(1, millis),
          time -> {
            tickArmed = false;
            send();
          });
    }
  }
}
