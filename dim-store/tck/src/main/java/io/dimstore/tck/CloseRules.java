package io.dimstore.tck;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** R12: after close, calls fail CLOSED, and nothing is left running. */
abstract class CloseRules {

  /** Threads and files that come and go with what else runs in the process. */
  private static final int SLACK = 4;

  private final Kit kit;
  private final Rows rows;

  CloseRules(Kit kit) {
    this.kit = kit;
    this.rows = kit.rows();
  }

  @Test
  void r12cClosingTwiceIsAsOnce() {
    DimensionStore store = kit.open(Map.of());
    kit.answers().await(store.ping());
    store.close();
    store.close();
    kit.answers().assertFails(Kind.CLOSED, store::ping);
  }

  @Test
  void r12cACloseWithoutAnyCallIsAsGood() {
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
    for (CompletionStage<Void> write : writes) {
      try {
        kit.answers().await(write);
      } catch (StoreException e) {
        assertThat(e.kind()).as("%s", e).isEqualTo(Kind.CLOSED);
      }
    }
    assertThat(rows.getAll(keys)).isEqualTo(puts);
  }

  @Test
  void r12dOpeningAndClosingOftenLeavesWhatDoingItOnceLeaves() {
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
  void r12eClosingBesideAStuckServerEndsItsCallsAndLeavesNothing() {
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
          List<CompletionStage<?>> calls = new ArrayList<>();
          for (int i = 0; i < 10; i++) {
            Key key = rows.key("stuck" + i);
            calls.add(stuck.table().get(List.of(key), stuck.all()));
            calls.add(stuck.table().write(List.of(Rows.put(key, "x", 1))));
          }
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
