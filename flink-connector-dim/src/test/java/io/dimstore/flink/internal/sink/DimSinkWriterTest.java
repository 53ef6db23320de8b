// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.flink.DimOptions;
import io.dimstore.flink.FakeTable;
import io.dimstore.flink.RecordedMetrics;
import io.dimstore.flink.internal.metrics.StoreMeter;
import io.dimstore.flink.internal.row.TableLayout;
import io.dimstore.flink.internal.sink.deadletter.InvalidRows;
import io.dimstore.flink.internal.sink.deadletter.RefusedRow;
import io.dimstore.flink.internal.sink.order.RowVersions;
import io.dimstore.flink.internal.sink.order.VersionRule;
import io.dimstore.flink.internal.store.DimTable;
import io.dimstore.flink.internal.store.Retry;
import io.dimstore.flink.internal.store.StoreRef;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.VarCharType;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.flink.util.function.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests the writer with a task mailbox that the test controls. */
class DimSinkWriterTest {

  private static final TableLayout LAYOUT =
      new TableLayout(
          "t",
          List.of("k", "s", "v"),
          List.of(new BigIntType(false), new VarCharType(), new BigIntType()),
          List.of(0),
          Map.of());

  private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);
  private final FakeTable store = new FakeTable();
  private final Mailbox mailbox = new Mailbox();
  private final Timers timers = new Timers();
  private final RecordedMetrics metrics = new RecordedMetrics();

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  @Test
  void firstChangeIsWrittenAtOnceAndTheNextWaits() throws Exception {
    DimSinkWriter writer = writer(10, 2, Duration.ZERO);
    writer.write(row(RowKind.INSERT, 1, "a", 1L), null);
    writer.write(row(RowKind.INSERT, 2, "b", 1L), null);
    assertThat(store.writes.remove().changes()).containsExactly(put(1, "a", 1));
    assertThat(store.writes).isEmpty();
    timers.fire();
    assertThat(store.writes.remove().changes()).containsExactly(put(2, "b", 1));
  }

  @Test
  void changesArePendingUntilTheirWriteEnds() throws Exception {
    DimSinkWriter writer = writer(10, 1, Duration.ZERO);
    writer.write(row(RowKind.INSERT, 1, "a", 1L), null);
    FakeTable.Write first = store.writes.remove();
    writer.write(row(RowKind.INSERT, 2, "b", 1L), null);
    writer.write(row(RowKind.INSERT, 3, "c", 1L), null);
    assertThat(shown("changesPending")).isEqualTo(3);
    first.answer().complete(null);
    mailbox.runOne();
    FakeTable.Write second = store.writes.remove();
    assertThat(shown("changesPending")).isEqualTo(2);
    second.answer().complete(null);
    mailbox.runOne();
    assertThat(shown("changesPending")).isEqualTo(0);
    assertThat(shown("writes")).isEqualTo(2L);
    assertThat(shown("changesWritten")).isEqualTo(3L);
  }

  @Test
  void refusedChangesAreNotPending() throws Exception {
    DimSinkWriter writer = writer(10, 1, Duration.ZERO, new Ignored());
    writer.write(row(RowKind.INSERT, 9, "x", 1L), null);
    FakeTable.Write first = store.writes.remove();
    writer.write(row(RowKind.INSERT, 1, "a", 1L), null);
    writer.write(row(RowKind.INSERT, 2, "b", 1L), null);
    first.answer().complete(null);
    mailbox.runOne();
    store
        .writes
        .remove()
        .answer()
        .completeExceptionally(StoreException.invalid("too large", List.of(Key.of(1L))));
    mailbox.runOne();
    assertThat(shown("changesPending")).as("the other one is sent again").isEqualTo(1);
    store
        .writes
        .remove()
        .answer()
        .completeExceptionally(StoreException.invalid("too large", List.of(Key.of(2L))));
    mailbox.runOne();
    assertThat(shown("changesPending")).isEqualTo(0);
  }

  private Object shown(String metric) {
    return metrics.value("dim.store.memory.table.t." + metric);
  }

  /** Ignores invalid rows. */
  private static final class Ignored implements InvalidRows {
    @Override
    public void refuse(RowData row, RefusedRow why) {}

    @Override
    public void refuse(Change change, RefusedRow why) {}
  }

  @Test
  void onlyTheNewestWaitingChangeOfAKeyIsWritten() throws Exception {
    DimSinkWriter writer = writer(10, 2, Duration.ZERO);
    writer.write(row(RowKind.INSERT, 9, "x", 1L), null);
    FakeTable.Write first = store.writes.remove();
    writer.write(row(RowKind.INSERT, 1, "old", 5L), null);
    writer.write(row(RowKind.UPDATE_BEFORE, 1, "old", 5L), null);
    writer.write(row(RowKind.UPDATE_AFTER, 1, "new", 7L), null);
    writer.write(row(RowKind.UPDATE_AFTER, 1, "late", 6L), null);
    writer.write(row(RowKind.INSERT, 2, "gone", 3L), null);
    writer.write(row(RowKind.DELETE, 2, "gone", 3L), null);
    first.answer().complete(null);
    mailbox.runOne();
    assertThat(store.writes.remove().changes())
        .containsExactly(put(1, "new", 7), new Delete(Key.of(2L), 3));
  }

  @Test
  void delayedChangesWaitForEachOtherThoughNoWriteIsInFlight() throws Exception {
    DimSinkWriter writer = delayed(3);
    writer.write(row(RowKind.INSERT, 1, "a", 1L), null);
    writer.write(row(RowKind.INSERT, 2, "b", 1L), null);
    writer.write(row(RowKind.UPDATE_AFTER, 1, "c", 2L), null);
    assertThat(store.writes).isEmpty();
    timers.fire();
    FakeTable.Write first = store.writes.remove();
    assertThat(first.changes()).containsExactly(put(1, "c", 2), put(2, "b", 1));

    writer.write(row(RowKind.UPDATE_AFTER, 1, "d", 3L), null);
    timers.fire();
    assertThat(store.writes).as("the key is in flight").isEmpty();
    first.answer().complete(null);
    mailbox.runOne();
    assertThat(store.writes).isEmpty();
    timers.fire();
    assertThat(store.writes.remove().changes()).containsExactly(put(1, "d", 3));
  }

  @Test
  void fullBatchOfDelayedChangesIsWrittenAtOnce() throws Exception {
    DimSinkWriter writer = delayed(2);
    writer.write(row(RowKind.INSERT, 1, "a", 1L), null);
    writer.write(row(RowKind.INSERT, 2, "b", 1L), null);
    assertThat(store.writes.remove().changes()).containsExactly(put(1, "a", 1), put(2, "b", 1));
  }

  private DimSinkWriter delayed(int batchSize) {
    return writer(
        batchSize,
        1,
        Duration.ofMillis(100),
        Duration.ZERO,
        new InvalidRows.Fail("Writing to table 't' of store 'memory'"));
  }

  @Test
  void writesInFlightNeverShareAKey() throws Exception {
    DimSinkWriter writer = writer(2, 3, Duration.ZERO);
    writer.write(row(RowKind.INSERT, 1, "a", 1L), null);
    FakeTable.Write first = store.writes.remove();
    writer.write(row(RowKind.INSERT, 1, "b", 2L), null);
    writer.write(row(RowKind.INSERT, 2, "c", 2L), null);
    assertThat(store.writes.remove().changes()).containsExactly(put(2, "c", 2));
    assertThat(store.writes).isEmpty();
    first.answer().complete(null);
    mailbox.runOne();
    timers.fire();
    assertThat(store.writes.remove().changes()).containsExactly(put(1, "b", 2));
  }

  @Test
  void aFlushReturnsWhenAllIsWritten() throws Exception {
    DimSinkWriter writer = writer(2, 1, Duration.ZERO);
    writer.write(row(RowKind.INSERT, 1, "a", 1L), null);
    writer.write(row(RowKind.INSERT, 1, "b", 2L), null);
    writer.write(row(RowKind.INSERT, 2, "c", 2L), null);
    Thread server =
        new Thread(
            () -> {
              try {
                for (int i = 0; i < 2; i++) {
                  FakeTable.Write write = store.writes.poll(20, TimeUnit.SECONDS);
                  write.answer().complete(null);
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    server.start();
    writer.flush(false);
    server.join(20_000);
    assertThat(store.writes).isEmpty();
    assertThat(mailbox.mails).isEmpty();
  }

  @Test
  void aFailureFailsTheTaskWithItsReason() throws Exception {
    DimSinkWriter writer = writer(2, 1, Duration.ZERO);
    writer.write(row(RowKind.INSERT, 1, "a", 1L), null);
    store
        .writes
        .remove()
        .answer()
        .completeExceptionally(StoreException.invalid("key [1] is too large"));
    assertThatThrownBy(mailbox::runOne)
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Writing to table 't' of store 'memory' failed (INVALID): key [1] is too large");
  }

  @Test
  void refusedKeysOfABatchDoNotAffectItsOtherRows() throws Exception {
    List<String> refused = new ArrayList<>();
    DimSinkWriter writer = writer(10, 2, Duration.ZERO, recording(refused));
    writer.write(row(RowKind.INSERT, 9, "x", 1L), null);
    FakeTable.Write first = store.writes.remove();
    writer.write(row(RowKind.INSERT, 1, "a", 1L), null);
    writer.write(row(RowKind.INSERT, 2, "b", 1L), null);
    writer.write(row(RowKind.INSERT, 3, "c", 1L), null);
    first.answer().complete(null);
    mailbox.runOne();
    FakeTable.Write batch = store.writes.remove();
    assertThat(batch.changes()).hasSize(3);
    writer.write(row(RowKind.INSERT, 2, "b2", 2L), null);
    batch
        .answer()
        .completeExceptionally(StoreException.invalid("no such key", List.of(Key.of(2L))));
    mailbox.runOne();
    assertThat(refused).containsExactly("refused-by-store key [2]: no such key");
    FakeTable.Write again = store.writes.remove();
    assertThat(again.changes()).containsExactly(put(1, "a", 1), put(3, "c", 1));
    again.answer().complete(null);
    mailbox.runOne();
    assertThat(store.writes.remove().changes()).containsExactly(put(2, "b2", 2));
  }

  @Test
  void olderChangeIsWrittenIfTheStoreRefusesTheNewerOneThatReplacedIt() throws Exception {
    List<String> refused = new ArrayList<>();
    DimSinkWriter writer = writer(10, 2, Duration.ZERO, recording(refused));
    writer.write(row(RowKind.INSERT, 9, "x", 1L), null);
    FakeTable.Write first = store.writes.remove();
    writer.write(row(RowKind.INSERT, 1, "valid", 1L), null);
    writer.write(row(RowKind.UPDATE_AFTER, 1, "too large", 2L), null);
    writer.write(row(RowKind.UPDATE_AFTER, 1, "larger", 3L), null);
    writer.write(row(RowKind.INSERT, 1, "oldest", 0L), null);
    first.answer().complete(null);
    mailbox.runOne();
    for (String text : List.of("larger", "too large")) {
      FakeTable.Write write = store.writes.remove();
      assertThat(write.changes()).hasSize(1);
      assertThat(((Put) write.changes().get(0)).row().get(0)).isEqualTo(text);
      write
          .answer()
          .completeExceptionally(StoreException.invalid("too large", List.of(Key.of(1L))));
      mailbox.runOne();
    }
    FakeTable.Write last = store.writes.remove();
    assertThat(last.changes()).containsExactly(put(1, "valid", 1));
    last.answer().complete(null);
    writer.flush(true);
    assertThat(store.writes).isEmpty();
    assertThat(refused).hasSize(2);
  }

  /** The checkpoint is taken after the flush, so it never has a change that is only kept. */
  @Test
  void aFlushReturnsWhenTheOlderChangeOfARefusedOneIsWritten() throws Exception {
    DimSinkWriter writer = writer(10, 2, Duration.ZERO, recording(new ArrayList<>()));
    writer.write(row(RowKind.INSERT, 9, "x", 1L), null);
    writer.write(row(RowKind.INSERT, 1, "valid", 1L), null);
    writer.write(row(RowKind.INSERT, 1, "too large", 2L), null);
    store.writes.remove().answer().complete(null);
    CountDownLatch again = new CountDownLatch(1);
    CompletableFuture<Void> server =
        CompletableFuture.runAsync(
            () -> {
              nextWrite()
                  .answer()
                  .completeExceptionally(StoreException.invalid("no", List.of(Key.of(1L))));
              FakeTable.Write older = nextWrite();
              assertThat(older.changes()).containsExactly(put(1, "valid", 1));
              again.countDown();
              older.answer().complete(null);
            });
    writer.flush(false);
    assertThat(again.getCount()).isZero();
    server.get(20, TimeUnit.SECONDS);
    assertThat(mailbox.mails).isEmpty();
  }

  private FakeTable.Write nextWrite() {
    try {
      return Objects.requireNonNull(store.writes.poll(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A key that changes faster than its writes end. */
  @Test
  void keptChangesAreBoundedAndHoldTheTaskBack() throws Exception {
    DimSinkWriter writer = writer(2, 3, Duration.ZERO, recording(new ArrayList<>()));
    AtomicInteger written = new AtomicInteger();
    AtomicInteger ahead = new AtomicInteger();
    int most = (2 + 3) * 2;
    mailbox.onYield =
        () -> {
          FakeTable.Write write = store.writes.remove();
          ahead.accumulateAndGet(written.get(), Math::max);
          written.set(0);
          write.answer().complete(null);
        };
    for (int i = 0; i < 1_000; i++) {
      writer.write(row(RowKind.INSERT, 1, "n", (long) i), null);
      written.incrementAndGet();
    }
    writer.flush(true);
    assertThat(ahead.get()).isBetween(most - 2, most + 1);
  }

  @Test
  void busyKeyDoesNotHoldTheTaskBackIfARefusedChangeFailsTheJob() throws Exception {
    DimSinkWriter writer = writer(2, 3, Duration.ZERO);
    for (int i = 0; i < 1_000; i++) {
      writer.write(row(RowKind.INSERT, 1, "n", (long) i), null);
    }
    assertThat(store.writes).hasSize(1);
  }

  private static InvalidRows recording(List<String> refused) {
    return new InvalidRows() {
      @Override
      public void refuse(RowData row, RefusedRow why) {
        refused.add(why.reason().code() + " " + why.detail());
      }

      @Override
      public void refuse(Change change, RefusedRow why) {
        refused.add(why.reason().code() + " " + why.detail());
      }
    };
  }

  @Test
  void retryableFailureIsRetried() throws Exception {
    DimSinkWriter writer = writer(2, 1, Duration.ofMinutes(1));
    writer.write(row(RowKind.INSERT, 1, "a", 1L), null);
    store
        .writes
        .remove()
        .answer()
        .completeExceptionally(new StoreException(StoreException.Kind.THROTTLED, "slow down"));
    FakeTable.Write again = store.writes.poll(20, TimeUnit.SECONDS);
    assertThat(again.changes()).containsExactly(put(1, "a", 1));
    again.answer().complete(null);
    writer.flush(true);
  }

  @Test
  void aNullVersionFailsTheRowAndNamesItsKey() {
    DimSinkWriter writer = writer(2, 1, Duration.ZERO);
    assertThatThrownBy(() -> writer.write(row(RowKind.INSERT, 41, "a", null), null))
        .hasMessageContaining("key [41]")
        .hasMessageContaining("the version in column 'v' is null");
    assertThatThrownBy(() -> writer.write(row(RowKind.DELETE, 41, null, -1L), null))
        .hasMessageContaining("key [41]")
        .hasMessageContaining("-1, outside 0 to");
    assertThat(store.writes).isEmpty();
  }

  private DimSinkWriter writer(int batchSize, int maxInFlight, Duration retry) {
    return writer(
        batchSize,
        maxInFlight,
        retry,
        new InvalidRows.Fail("Writing to table 't' of store 'memory'"));
  }

  private DimSinkWriter writer(
      int batchSize, int maxInFlight, Duration retry, InvalidRows invalid) {
    return writer(batchSize, maxInFlight, Duration.ZERO, retry, invalid);
  }

  private DimSinkWriter writer(
      int batchSize, int maxInFlight, Duration delay, Duration retry, InvalidRows invalid) {
    DimTable table =
        new DimTable(
            new StoreRef("memory", Map.of()),
            LAYOUT,
            2,
            false,
            true,
            retry,
            new DimTable.LookupSettings(10, 1, Duration.ZERO),
            new DimTable.ScanSettings(10, DimOptions.UnreadableRows.FAIL),
            new DimTable.SinkSettings(
                batchSize, delay, Duration.ofMillis(5), maxInFlight, Duration.ZERO, null));
    return new DimSinkWriter(
        table,
        new ChangeReader(
            table, VersionRule.of(RowVersions.of(table, VersionRule.Source.COLUMN, -1)), List.of()),
        new DimSinkWriter.Target(
            store::write,
            new Retry(executor, retry, new StoreMeter("test", List.of()).table("t")),
            () -> {}),
        invalid,
        null,
        mailbox,
        timers,
        metrics.ofSink());
  }

  private static GenericRowData row(RowKind kind, long key, String text, Long version) {
    return GenericRowData.ofKind(kind, key, StringData.fromString(text), version);
  }

  private static Change put(long key, String text, long version) {
    return new Put(Key.of(key), Row.of(text, version), version);
  }

  private static final class Mailbox implements MailboxExecutor {

    private final BlockingQueue<ThrowingRunnable<? extends Exception>> mails =
        new LinkedBlockingQueue<>();

    private Runnable onYield = () -> {};

    @Override
    public void execute(
        MailOptions options,
        ThrowingRunnable<? extends Exception> command,
        String description,
        Object... arguments) {
      mails.add(command);
    }

    void runOne() throws Exception {
      mails.poll(20, TimeUnit.SECONDS).run();
    }

    @Override
    public void yield() throws InterruptedException {
      try {
        onYield.run();
        runOne();
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        throw new FlinkRuntimeException(e);
      }
    }

    @Override
    public boolean tryYield() {
      return false;
    }

    @Override
    public boolean shouldInterrupt() {
      return false;
    }
  }

  private static final class Timers implements ProcessingTimeService {

    private ProcessingTimeCallback next;

    @Override
    public long getCurrentProcessingTime() {
      return 0;
    }

    @Override
    public ScheduledFuture<?> registerTimer(long time, ProcessingTimeCallback callback) {
      next = callback;
      return null;
    }

    void fire() throws Exception {
      ProcessingTimeCallback due = next;
      next = null;
      due.onProcessingTime(0);
    }
  }
}
