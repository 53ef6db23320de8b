package io.dimstore.flink;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.RowKind;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the changes of one subtask in batches. Of the changes of a key that wait, the newest is
 * kept; no two writes under way hold the same key, so the changes of a key reach the store in the
 * order in which they came. {@link #flush} returns when all is written, or safe as a dead letter.
 * All state belongs to the task's thread.
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
  private final long lingerMillis;
  private final MailboxExecutor mailbox;
  private final ProcessingTimeService timers;
  private final TableMeter changes;
  private final TableMeter written;
  private final TableMeter superseded;
  private final SinkWriterMetricGroup metrics;

  private final PendingChanges pending = new PendingChanges();

  /** Writes that have ended in the millisecond in which they began, by arrival's clock. */
  private final ArrayDeque<Ended> sameMillisecond = new ArrayDeque<>();

  private int writesUnderWay;
  private long newestArrival;
  private boolean timerArmed;
  private boolean tickArmed;
  private volatile boolean closed;

  /**
   * Where changes go.
   *
   * @param table the table
   * @param retry sends writes again
   * @param release called once, when the writer needs the table no more
   */
  record Target(DimensionTable table, Retry retry, Runnable release) {}

  /** A write and the time by arrival's clock at which it was sent; 0 without that clock. */
  private record Ended(List<Change> changes, long sentAt) {}

  /**
   * A writer.
   *
   * @param arrival the clock that gives versions, or null where they come with the rows
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
    this.doing = doing(table);
    this.reader = reader;
    this.target = target;
    this.invalid = invalid;
    this.arrival = arrival;
    this.batchSize = table.sink().batchSize();
    this.maxInFlight = table.sink().maxInFlight();
    this.lingerMillis = table.sink().linger().toMillis();
    this.mailbox = mailbox;
    this.timers = timers;
    this.changes = TableMeter.of(table, DimMetrics.CHANGES, metrics);
    this.written = TableMeter.of(table, DimMetrics.CHANGES_WRITTEN, metrics);
    this.superseded = TableMeter.of(table, DimMetrics.CHANGES_SUPERSEDED, metrics);
    this.metrics = metrics;
  }

  /** What a writer does, for messages. */
  static String doing(DimTable table) {
    return "Writing to " + table.describe();
  }

  @Override
  public void write(RowData row, Context context) throws IOException, InterruptedException {
    Change change;
    try {
      change = reader.read(row);
    } catch (RefusedRow e) {
      invalid.refuse(row, e);
      return;
    }
    changes.add(1);
    if (!pending.add(change)) {
      superseded.add(1);
    }
    if (row.getRowKind() == RowKind.UPDATE_BEFORE) {
      // The row that takes its place usually comes next: readers should not see the gap.
      armTimer();
    } else if (writesUnderWay == 0 || pending.waiting() >= batchSize) {
      send();
    } else {
      armTimer();
    }
    while (pending.waiting() >= 2 * batchSize) {
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

  /**
   * Waits until the local clock has passed every version given, so that a job that begins after
   * this one's end gives greater ones. A clock that was set back by more than it tolerates is not
   * waited for.
   */
  private void awaitLocalClock() throws InterruptedException {
    if (arrival == null) {
      return;
    }
    long end = timers.getCurrentProcessingTime() + arrival.maxLeadMillis();
    long left = arrival.millisUntilPast(newestArrival);
    while (left > 0 && timers.getCurrentProcessingTime() < end) {
      armTick(Math.min(left, end - timers.getCurrentProcessingTime()));
      mailbox.yield();
      left = arrival.millisUntilPast(newestArrival);
    }
    if (left > 1) {
      LOG.warn(
          "{}: the versions by arrival end {} ms ahead of the local clock; a job that writes the same"
              + " keys sooner may be superseded",
          doing,
          left);
    }
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

  /** Sends what may be sent: as many batches as are allowed, without the keys under way. */
  private void send() {
    if (closed) {
      return;
    }
    releaseEnded();
    while (writesUnderWay < maxInFlight && pending.hasReady()) {
      List<Change> batch = pending.take(batchSize);
      writesUnderWay++;
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
      // The task is over; nobody waits for this write any more.
      closed = true;
    }
  }

  private void ended(List<Change> batch, long sentAt, @Nullable Throwable failure)
      throws IOException, InterruptedException {
    if (failure != null) {
      List<Change> rest = withoutRefused(batch, failure);
      if (!rest.isEmpty()) {
        send(rest, sentAt);
        return;
      }
    } else {
      written.add(batch.size());
      metrics.getNumRecordsSendCounter().inc(batch.size());
    }
    writesUnderWay--;
    if (failure == null) {
      sameMillisecond.add(new Ended(batch, sentAt));
    }
    releaseEnded();
    if (pending.waiting() > 0 && (writesUnderWay == 0 || pending.waiting() >= batchSize)) {
      send();
    }
  }

  /** Lets go of keys, but in one millisecond no key is sent twice: its versions would be equal. */
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
   * Hands over the changes whose keys the store has refused.
   *
   * @return the other changes, of which the store has written none
   * @throws IOException if the failure is another one
   */
  private List<Change> withoutRefused(List<Change> batch, Throwable failure)
      throws IOException, InterruptedException {
    StoreException known = StoreException.find(failure);
    if (known == null || known.kind() != StoreException.Kind.INVALID) {
      throw Failures.of(doing, failure);
    }
    Set<Key> blamed = new HashSet<>(known.keys());
    List<Change> refused = new ArrayList<>();
    List<Change> rest = new ArrayList<>(batch.size());
    for (Change change : batch) {
      (blamed.contains(change.key()) ? refused : rest).add(change);
    }
    if (refused.isEmpty()) {
      throw Failures.of(doing, failure);
    }
    for (Change change : refused) {
      invalid.refuse(
          change,
          new RefusedRow(
              RefusedRow.Reason.REFUSED_BY_STORE,
              "key " + change.key() + ": " + known.getMessage()));
    }
    pending.release(refused, 0);
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
