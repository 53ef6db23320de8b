// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.transfer;

import io.dimstore.events.input.EventReader;
import io.dimstore.events.output.RecordSink;
import io.dimstore.events.record.Event;
import io.dimstore.events.record.EventStreamException;
import io.dimstore.events.record.StreamRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.HdrHistogram.Histogram;

/** Copies an input to a sink at a given pace. */
public final class Transfer {

  private static final long HIGHEST_LAG_NANOS = TimeUnit.DAYS.toNanos(365);

  private final Ticker ticker;
  private final LongConsumer progress;

  private Transfer(Ticker ticker, LongConsumer progress) {
    this.ticker = ticker;
    this.progress = progress;
  }

  /**
   * Returns a transfer that uses the machine's clock.
   *
   * @param progress receives the number of events so far after each event, on the calling thread
   */
  public static Transfer create(LongConsumer progress) {
    return new Transfer(Ticker.system(), progress);
  }

  static Transfer create(Ticker ticker, LongConsumer progress) {
    return new Transfer(ticker, progress);
  }

  /**
   * Reads the input to its end, writes all records and flushes. Dimension changes are sent together
   * with the event that follows them. Closes neither the reader nor the sink.
   *
   * @throws EventStreamException if the input cannot be read, the sink fails or the thread is
   *     interrupted; the thread's interrupt flag then stays set
   */
  public TransferReport run(EventReader reader, RecordSink sink, TransferPace pace) {
    SendSchedule schedule = new SendSchedule(pace);
    Histogram lags = new Histogram(HIGHEST_LAG_NANOS, 3);
    ArrayDeque<StreamRecord> ahead = new ArrayDeque<>();
    long events = 0;
    long start = ticker.nanos();
    long startMillis = ticker.epochMillis();
    while (reader.hasNext()) {
      StreamRecord record = reader.next();
      if (!(record instanceof Event event)) {
        ahead.add(record);
        continue;
      }
      long dueMillis = ticker.epochMillis();
      long due = 0;
      if (schedule.isPaced()) {
        long offset = schedule.nextDueNanos(event);
        due = start + offset;
        dueMillis = startMillis + TimeUnit.NANOSECONDS.toMillis(offset);
        ticker.awaitNanos(due);
      }
      requireNotInterrupted();
      while (!ahead.isEmpty()) {
        sink.write(ahead.remove(), dueMillis);
      }
      sink.write(event, dueMillis);
      if (schedule.isPaced()) {
        lags.recordValue(Math.min(HIGHEST_LAG_NANOS, Math.max(0, ticker.nanos() - due)));
      }
      progress.accept(++events);
    }
    for (StreamRecord change : ahead) {
      sink.write(change, ticker.epochMillis());
    }
    sink.flush();
    Duration elapsed = Duration.ofNanos(ticker.nanos() - start);
    return new TransferReport(
        reader.report(), elapsed, schedule.isPaced() ? Optional.of(lag(lags)) : Optional.empty());
  }

  private static TransferReport.Lag lag(Histogram lags) {
    return new TransferReport.Lag(
        Duration.ofNanos(lags.getValueAtPercentile(50)),
        Duration.ofNanos(lags.getValueAtPercentile(99)),
        Duration.ofNanos(lags.getMaxValue()));
  }

  private static void requireNotInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new EventStreamException("interrupted before the input was at its end");
    }
  }
}
