// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.tck.harness.Provocation;
import io.dimstore.tck.internal.fixture.Answers;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Parallel;
import io.dimstore.tck.internal.fixture.Process;
import io.dimstore.tck.internal.fixture.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** R12: after close, calls fail CLOSED, and no threads or connections are left. */
public abstract class CloseRules {

  /** Allowance for threads and files that other code of the process opens meanwhile. */
  private static final int SLACK = 4;

  private final Kit kit;
  private final Rows rows;

  public CloseRules(Kit kit) {
    this.kit = kit;
    this.rows = kit.rows();
  }

  @Test
  void r12cClosingTwiceHasNoFurtherEffect() {
    DimensionStore store = kit.open(Map.of());
    kit.answers().await(store.ping());
    store.close();
    store.close();
    kit.answers().assertFails(Kind.CLOSED, store::ping);
  }

  @Test
  void r12cStoreCanBeClosedWithoutAnyCall() {
    DimensionStore store = kit.open(Map.of());
    store.close();
    kit.answers().assertFails(Kind.CLOSED, store::ping);
  }

  @Test
  void r12aEveryCallAfterCloseFailsClosed() {
    DimensionStore store = kit.open(Map.of());
    DimensionTable table = store.table(rows.spec());
    Key key = rows.key("late");
    ScanOptions all = ScanOptions.rows(rows.all());
    ScanSplit split = kit.answers().await(table.splits(1, all)).get(0);
    store.close();
    Answers answers = kit.answers();
    answers.assertFails(Kind.CLOSED, () -> table.get(List.of(key), rows.all()));
    answers.assertFails(Kind.CLOSED, () -> table.write(List.of(Rows.put(key, "x", 1))));
    answers.assertFails(Kind.CLOSED, () -> table.splits(1, all));
    answers.assertFails(Kind.CLOSED, () -> table.scan(split, 1));
    answers.assertFails(Kind.CLOSED, () -> store.createIfAbsent(rows.spec()));
    answers.assertFails(Kind.CLOSED, () -> store.validate(rows.spec()));
    answers.assertFails(Kind.CLOSED, store::ping);
    answers.assertFails(Kind.CLOSED, store::pingTables);
    StoreException handle =
        catchThrowableOfType(StoreException.class, () -> store.table(rows.spec()));
    assertThat(handle).as("table() after close").isNotNull();
    assertThat(handle.kind()).isEqualTo(Kind.CLOSED);
    rows.assertAbsent(key);
  }

  @Test
  void r12bPendingCallsEndWithTheirAnswerOrClosed() {
    List<Put> puts =
        IntStream.range(0, 200).mapToObj(i -> Rows.put(rows.key(i), "v" + i, i)).toList();
    rows.write(puts);
    List<Key> keys = puts.stream().map(Put::key).toList();
    Rows closing = rows.through(kit.open(Map.of()));
    kit.answers().await(closing.store().ping());
    List<CompletionStage<List<@Nullable Put>>> gets = new ArrayList<>();
    List<CompletionStage<Void>> writes = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      gets.add(closing.table().get(keys, closing.all()));
      writes.add(closing.table().write(List.copyOf(puts)));
    }
    closing.store().close();
    for (CompletionStage<List<@Nullable Put>> get : gets) {
      try {
        assertThat(kit.answers().await(get)).isEqualTo(puts);
      } catch (StoreException e) {
        assertThat(e.kind()).as("%s", e).isEqualTo(Kind.CLOSED);
      }
    }
    writes.forEach(this::assertAnsweredOrClosed);
    assertThat(rows.getAll(keys)).isEqualTo(puts);
  }

  @Test
  void r12bCallsThatBeginDuringCloseEndToo() {
    Key key = rows.key("meanwhile");
    Rows closing = rows.through(kit.open(Map.of()));
    closing.assertAbsent(key);
    Queue<CompletionStage<?>> calls = new ConcurrentLinkedQueue<>();
    AtomicBoolean closed = new AtomicBoolean();
    Runnable caller =
        () -> {
          while (!closed.get()) {
            calls.add(closing.table().get(List.of(key), closing.all()));
            LockSupport.parkNanos(20_000);
          }
        };
    Parallel callers = Parallel.start(List.of(caller, caller));
    boolean called = kit.answers().eventually(() -> calls.size() > 2);
    closing.store().close();
    closed.set(true);
    callers.join(kit.answers());
    assertThat(called).as("calls begin").isTrue();
    calls.forEach(this::assertAnsweredOrClosed);
  }

  private void assertAnsweredOrClosed(CompletionStage<?> call) {
    try {
      kit.answers().await(call);
    } catch (StoreException e) {
      assertThat(e.kind()).as("%s", e).isEqualTo(Kind.CLOSED);
    }
  }

  /** The calls may still succeed, because the system of record answers. */
  @Test
  void r12eClosingWhileACacheIsStuckEndsPendingCalls() {
    kit.provoked(
        Provocation.CACHE_STUCK,
        rows,
        Map.of(),
        (stuck, end) -> {
          List<CompletionStage<?>> calls = callsOn(stuck);
          Parallel.start(List.of(() -> stuck.store().close())).join(kit.answers());
          calls.forEach(this::assertAnsweredOrClosed);
        });
  }

  private List<CompletionStage<?>> callsOn(Rows stuck) {
    List<CompletionStage<?>> calls = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Key key = rows.key("stuck" + i);
      calls.add(stuck.table().get(List.of(key), stuck.all()));
      calls.add(stuck.table().write(List.of(Rows.put(key, "x", 1))));
    }
    return calls;
  }

  @Test
  void r12dManyOpenCloseCyclesLeaveNoMoreThreadsThanOne() {
    for (int i = 0; i < 3; i++) {
      openUseClose();
    }
    int threads = Process.threads();
    long files = Process.openFiles();
    int cycles = kit.harness().openCloseCycles();
    for (int i = 0; i < cycles; i++) {
      openUseClose();
    }
    boolean settled =
        kit.answers()
            .eventually(
                () -> Process.threads() <= threads + SLACK && Process.openFiles() <= files + SLACK);
    assertThat(settled)
        .as(
            "after %d cycles %d threads (before: %d) and %d open files and connections"
                + " (before: %d) settle; threads: %s",
            cycles, Process.threads(), threads, Process.openFiles(), files, Process.threadNames())
        .isTrue();
  }

  @Test
  void r12eClosingWhileAServerIsStuckEndsPendingCallsAndLeavesNothing() {
    closeWhileStuck();
    int threads = Process.threads();
    long files = Process.openFiles();
    for (int i = 0; i < 4; i++) {
      closeWhileStuck();
    }
    boolean settled =
        kit.answers()
            .eventually(
                () -> Process.threads() <= threads + SLACK && Process.openFiles() <= files + SLACK);
    assertThat(settled)
        .as(
            "threads (%d, before: %d) and open files (%d, before: %d) settle; threads: %s",
            Process.threads(), threads, Process.openFiles(), files, Process.threadNames())
        .isTrue();
  }

  private void closeWhileStuck() {
    kit.provoked(
        Provocation.STUCK,
        rows,
        Map.of(),
        (stuck, end) -> {
          List<CompletionStage<?>> calls = callsOn(stuck);
          Parallel.start(List.of(() -> stuck.store().close())).join(kit.answers());
          for (CompletionStage<?> call : calls) {
            kit.answers().assertFails(Kind.CLOSED, () -> call);
          }
        });
  }

  private void openUseClose() {
    try (DimensionStore store = kit.open(Map.of())) {
      rows.through(store).get(rows.key("cycle"));
    }
  }
}
