package io.dimstore.flink;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/**
 * Writes the changes of one subtask in batches. Of the changes of a key that wait, the newest is
 * kept; no two writes under way hold the same key, so the changes of a key reach the store in the
 * order in which they came. {@link #flush} returns when all is written. All state belongs to the
 * task's thread.
 */
final class DimSinkWriter implements SinkWriter<RowData> {

  private final String doing;
  private final ChangeReader reader;
  private final Target target;
  private final int batchSize;
  private final int maxInFlight;
  private final long lingerMillis;
  private final MailboxExecutor mailbox;
  private final ProcessingTimeService timers;
  private final TableMeter changes;
  private final TableMeter written;
  private final SinkWriterMetricGroup metrics;

  private final Map<Key, Change> waiting = new LinkedHashMap<>();
  private final Set<Key> keysUnderWay = new HashSet<>();
  private int writesUnderWay;
  private boolean timerArmed;
  private volatile boolean closed;

  /**
   * Where changes go.
   *
   * @param table the table
   * @param retry sends writes again
   * @param release called once, when the writer needs the table no more
   */
  record Target(DimensionTable table, Retry retry, Runnable release) {}

  DimSinkWriter(
      DimTable table,
      ChangeReader reader,
      Target target,
      MailboxExecutor mailbox,
      ProcessingTimeService timers,
      SinkWriterMetricGroup metrics) {
    this.doing = "Writing to " + table.describe();
    this.reader = reader;
    this.target = target;
    this.batchSize = table.sink().batchSize();
    this.maxInFlight = table.sink().maxInFlight();
    this.lingerMillis = table.sink().linger().toMillis();
    this.mailbox = mailbox;
    this.timers = timers;
    this.changes = TableMeter.of(table, DimMetrics.CHANGES, metrics);
    this.written = TableMeter.of(table, DimMetrics.CHANGES_WRITTEN, metrics);
    this.metrics = metrics;
  }

  @Override
  public void write(RowData row, Context context) throws IOException, InterruptedException {
    Change change;
    try {
      change = reader.read(row);
    } catch (StoreException e) {
      throw Failures.of(doing, e);
    }
    if (change == null) {
      return;
    }
    changes.add(1);
    waiting.merge(
        change.key(), change, (held, next) -> next.version() >= held.version() ? next : held);
    if (writesUnderWay == 0 || waiting.size() >= batchSize) {
      send();
    } else {
      armTimer();
    }
    while (waiting.size() >= 2 * batchSize) {
      mailbox.yield();
      send();
    }
  }

  @Override
  public void flush(boolean endOfInput) throws InterruptedException {
    send();
    while (!waiting.isEmpty() || writesUnderWay > 0) {
      mailbox.yield();
      send();
    }
  }

  @Override
  public void close() {
    closed = true;
    target.release().run();
  }

  /** Sends what may be sent: as many batches as are allowed, without the keys under way. */
  private void send() {
    while (writesUnderWay < maxInFlight && !waiting.isEmpty()) {
      List<Change> batch = new ArrayList<>(Math.min(batchSize, waiting.size()));
      Iterator<Change> entries = waiting.values().iterator();
      while (entries.hasNext() && batch.size() < batchSize) {
        Change change = entries.next();
        if (keysUnderWay.add(change.key())) {
          batch.add(change);
          entries.remove();
        }
      }
      if (batch.isEmpty()) {
        return;
      }
      writesUnderWay++;
      target
          .retry()
          .run(() -> write(batch))
          .whenComplete((done, failure) -> report(batch, failure));
    }
  }

  private CompletionStage<Void> write(List<Change> batch) {
    return closed
        ? CompletableFuture.failedFuture(new CancellationException("The sink was closed"))
        : target.table().write(batch);
  }

  private void report(List<Change> batch, @Nullable Throwable failure) {
    try {
      mailbox.execute(() -> ended(batch, failure), "%s", doing);
    } catch (RejectedExecutionException e) {
      // The task is over; nobody waits for this write any more.
      closed = true;
    }
  }

  private void ended(List<Change> batch, @Nullable Throwable failure) throws IOException {
    if (failure != null) {
      throw Failures.of(doing, failure);
    }
    writesUnderWay--;
    for (Change change : batch) {
      keysUnderWay.remove(change.key());
    }
    written.add(batch.size());
    metrics.getNumRecordsSendCounter().inc(batch.size());
    if (!waiting.isEmpty() && (writesUnderWay == 0 || waiting.size() >= batchSize)) {
      send();
    }
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
}
