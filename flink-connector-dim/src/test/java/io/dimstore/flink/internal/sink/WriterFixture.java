// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink;

import io.dimstore.flink.DimOptions;
import io.dimstore.flink.internal.metrics.StoreMeter;
import io.dimstore.flink.internal.row.TableLayout;
import io.dimstore.flink.internal.sink.deadletter.InvalidRows;
import io.dimstore.flink.internal.store.DimTable;
import io.dimstore.flink.internal.store.Retry;
import io.dimstore.flink.internal.store.StoreRef;
import io.dimstore.spi.DimensionTable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.VarCharType;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.flink.util.function.ThrowingRunnable;

/**
 * Provides writers on a store that answers at once. The test controls the task's time: waiting for
 * mail advances the clock to the next timer.
 */
final class WriterFixture implements AutoCloseable {

  static final TableLayout LAYOUT =
      new TableLayout(
          "t",
          List.of("k", "s", "v"),
          List.of(new BigIntType(false), new VarCharType(), new BigIntType()),
          List.of(0),
          Map.of());

  private final ManualClock time;
  private final DimensionTable store;
  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();

  WriterFixture(ManualClock time, DimensionTable store) {
    this.time = time;
    this.store = store;
  }

  static DimTable table(int batchSize, int maxInFlight) {
    return new DimTable(
        new StoreRef("memory", Map.of()),
        LAYOUT,
        null,
        true,
        true,
        Duration.ZERO,
        new DimTable.LookupSettings(10, 1, Duration.ZERO),
        new DimTable.ScanSettings(10, DimOptions.UnreadableRows.FAIL),
        new DimTable.SinkSettings(
            batchSize, Duration.ZERO, Duration.ofMillis(5), maxInFlight, Duration.ZERO, null));
  }

  /** Returns a writer whose task's clock is true. */
  DimSinkWriter arrival(ArrivalClock clock) {
    return arrival(clock, time.local(0));
  }

  /**
   * Returns a writer.
   *
   * @param wall the clock of its task
   */
  DimSinkWriter arrival(ArrivalClock clock, ManualClock.Local wall) {
    DimTable table = table(100, 4);
    return writer(
        table,
        new ChangeReader(table, (row, key) -> clock.now(), List.of()),
        new InvalidRows.Fail(table.describeWriting()),
        clock,
        new Task(wall));
  }

  /**
   * Returns a writer.
   *
   * @param clock the clock that assigns versions, or null
   */
  DimSinkWriter writer(
      DimTable table, ChangeReader reader, InvalidRows invalid, ArrivalClock clock, Task task) {
    return new DimSinkWriter(
        table,
        reader,
        new DimSinkWriter.Target(
            store::write,
            new Retry(executor, Duration.ZERO, new StoreMeter("test", List.of()).table("t")),
            () -> {}),
        invalid,
        clock,
        task,
        task,
        UnregisteredMetricsGroup.createSinkWriterMetricGroup());
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }

  /** A callback, and its true time. */
  private record Timer(long at, ProcessingTimeService.ProcessingTimeCallback callback) {}

  /** The mailbox and the timers of a writer's task. */
  final class Task implements MailboxExecutor, ProcessingTimeService {

    private final ManualClock.Local wall;
    private final Queue<ThrowingRunnable<? extends Exception>> mails = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers =
        new PriorityQueue<>(Comparator.comparingLong(Timer::at));

    Task(ManualClock.Local wall) {
      this.wall = wall;
    }

    @Override
    public void execute(
        MailOptions options,
        ThrowingRunnable<? extends Exception> command,
        String description,
        Object... arguments) {
      mails.add(command);
    }

    @Override
    public void yield() {
      if (!tryYield()) {
        fire(timers.remove());
      }
    }

    /** Advances the time to the next timer, if there is one, before any mail. */
    void fireNextTimer() {
      Timer next = timers.poll();
      if (next != null) {
        fire(next);
      }
    }

    private void fire(Timer next) {
      time.advance(Math.max(0, next.at() - time.trueMillis()));
      try {
        next.callback().onProcessingTime(next.at());
      } catch (Exception e) {
        throw new FlinkRuntimeException(e);
      }
    }

    @Override
    public boolean tryYield() {
      ThrowingRunnable<? extends Exception> mail = mails.poll();
      if (mail == null) {
        return false;
      }
      try {
        mail.run();
      } catch (Exception e) {
        throw new FlinkRuntimeException(e);
      }
      return true;
    }

    @Override
    public boolean shouldInterrupt() {
      return false;
    }

    @Override
    public long getCurrentProcessingTime() {
      return wall.millis();
    }

    @Override
    public ScheduledFuture<?> registerTimer(long at, ProcessingTimeCallback callback) {
      // A timer waits for a duration: steps of the clock do not move it.
      timers.add(new Timer(time.trueMillis() + at - wall.millis(), callback));
      return null;
    }
  }
}
