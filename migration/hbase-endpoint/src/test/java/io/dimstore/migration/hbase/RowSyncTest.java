// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowSyncTest {

  private static final long NOW = 1_000_000;

  private final Model model = new Model();

  @Test
  void aBatchNeedsOneWriteAndOneComparison() throws InterruptedException {
    model.hbase("a", present("a", "x", 5));
    model.hbase("b", new CurrentRow.Absent(CurrentRow.Absent.UNKNOWN));
    model.sync().carry(List.of(row("a", 0, false), row("b", 7, false)));
    assertThat(model.target)
        .containsEntry(Key.of("a"), put("a", "x", 5))
        .containsEntry(Key.of("b"), new Delete(Key.of("b"), 7));
    assertThat(model.calls).containsExactly("read 2", "write 2", "stored 2", "read 2");
  }

  @Test
  void aRowOfDimstoreThatTheTargetHasIsNotWrittenAgain() throws InterruptedException {
    model.hbase("a", present("a", "x", 5));
    model.target.put(Key.of("a"), put("a", "x", 5));
    model.sync().carry(List.of(row("a", 0, true)));
    assertThat(model.calls).containsExactly("stored 1", "read 1");
  }

  @Test
  void aChangeDuringTheWriteIsWrittenToo() throws InterruptedException {
    model.hbase("a", present("a", "x", 5));
    model.before("stored", () -> model.hbase("a", present("a", "y", 5)));
    model.sync().carry(List.of(row("a", 0, false)));
    assertThat(model.target.get(Key.of("a"))).isEqualTo(put("a", "y", 6));
  }

  /** Dimstore's own writer changes HBase, then the target, between two steps. */
  @Test
  void aNewerRowOfTheTargetIsNotOverwrittenByAnOlderOneOfHBase() throws InterruptedException {
    model.hbase("a", present("a", "x", 5));
    model.before(
        "stored",
        () -> {
          model.hbase("a", present("a", "y", 6));
          model.target.put(Key.of("a"), put("a", "y", 6));
        });
    model.sync().carry(List.of(row("a", 0, false)));
    assertThat(model.calls).containsExactly("read 1", "write 1", "stored 1", "read 1");
  }

  @Test
  void refusedRowsAreRecordedAndTheOthersCarried() throws InterruptedException {
    model.hbase("a", present("a", "x", 5));
    model.hbase("b", present("b", "x", 5));
    model.hbase("c", new CurrentRow.Unreadable("no INT"));
    model.invalid.add(Key.of("b"));
    model.sync().carry(List.of(row("a", 0, false), row("b", 0, false), row("c", 0, false)));
    assertThat(model.refused).containsExactly("c: no INT", "b: too large");
    assertThat(model.target).containsOnlyKeys(Key.of("a"));
  }

  @Test
  void aFailureOfTheTargetFailsTheBatch() {
    model.hbase("a", present("a", "x", 5));
    model.before(
        "write",
        () -> {
          throw new StoreException(Kind.THROTTLED, "slow down");
        });
    assertThatThrownBy(() -> model.sync().carry(List.of(row("a", 0, false))))
        .hasMessage("slow down");
  }

  /**
   * HBase changes at random moments, to newer, older and equal versions. Every change is carried by
   * another server, which may run between any two steps of the first one. Late writes of versions
   * that HBase had before arrive from dimstore's own writers.
   */
  @Test
  void theTargetEndsWithWhatHBaseShowsHoweverServersInterleave() throws InterruptedException {
    for (int seed = 0; seed < 20_000; seed++) {
      Model random = new Model();
      random.readsTombstones = seed % 2 == 0;
      random.start(new Random(seed));
      random.run();
      Change stored = random.target.get(Key.of("k"));
      CurrentRow current = random.hbase.get("k");
      if (current instanceof CurrentRow.Present present) {
        assertThat(stored).as("seed %d", seed).isInstanceOf(Put.class);
        assertThat(((Put) stored).row()).as("seed %d", seed).isEqualTo(present.put().row());
      } else {
        assertThat(stored instanceof Put).as("seed %d", seed).isFalse();
      }
    }
  }

  private static ChangedRow row(String key, long floor, boolean checkFirst) {
    return new ChangedRow(
        key.getBytes(StandardCharsets.UTF_8), Key.of(key), floor, NOW, checkFirst);
  }

  private static CurrentRow present(String key, String value, long version) {
    return new CurrentRow.Present(put(key, value, version));
  }

  private static Put put(String key, String value, long version) {
    return new Put(Key.of(key), Row.of(value), version);
  }

  /** HBase, a target with the guard of R3, and the servers between them. */
  private static final class Model implements SourceRows, TargetRows, RefusedRows {
    final Map<String, CurrentRow> hbase = new HashMap<>();
    final Map<Key, Change> target = new HashMap<>();
    final List<Key> invalid = new ArrayList<>();
    final List<String> refused = new ArrayList<>();
    final List<String> calls = new ArrayList<>();
    final Map<String, Runnable> hooks = new HashMap<>();
    final Queue<ChangedRow> log = new ArrayDeque<>();
    boolean readsTombstones = true;
    @Nullable Random random;
    int changesLeft;
    int depth;
    int values;

    RowSync sync() {
      return new RowSync(
          this,
          this,
          this,
          new EndpointMetrics("p", (name, count) -> {}, (name, value) -> {}),
          () -> java.time.Instant.ofEpochMilli(NOW),
          true);
    }

    void hbase(String key, CurrentRow current) {
      hbase.put(key, current);
    }

    /** Runs an action once, before the next call of this name. */
    void before(String call, Runnable action) {
      hooks.put(call, action);
    }

    void start(Random seeded) {
      random = seeded;
      changesLeft = 1 + seeded.nextInt(6);
      hbase.put("k", new CurrentRow.Absent(CurrentRow.Absent.UNKNOWN));
      change();
    }

    void run() throws InterruptedException {
      while (!log.isEmpty() || changesLeft > 0) {
        if (log.isEmpty()) {
          change();
        }
        sync().carry(List.of(log.remove()));
      }
    }

    /** Changes the row in HBase, and adds the entry to the log. */
    private void change() {
      if (random == null || changesLeft == 0) {
        return;
      }
      changesLeft--;
      long version = random.nextInt(8);
      boolean checkFirst = random.nextInt(3) == 0;
      CurrentRow before = hbase.get("k");
      if (before instanceof CurrentRow.Present present && checkFirst) {
        // Dimstore's own writer also sends what it wrote to HBase to the target, in time or late.
        Put mirrored = present.put();
        if (random.nextBoolean()) {
          apply(mirrored);
        }
      }
      if (random.nextInt(3) == 0) {
        boolean traced = random.nextBoolean();
        hbase.put("k", new CurrentRow.Absent(traced ? version : CurrentRow.Absent.UNKNOWN));
        log.add(row("k", traced ? 0 : version + 1, checkFirst));
      } else {
        hbase.put("k", present("k", "v" + values++, version));
        log.add(row("k", random.nextInt(4) == 0 ? version + 2 : 0, checkFirst));
      }
    }

    private void step(String call, int size) throws InterruptedException {
      calls.add(call + " " + size);
      Runnable hook = hooks.remove(call);
      if (hook != null) {
        hook.run();
      }
      if (random != null && random.nextInt(3) == 0) {
        change();
      }
      if (random != null && depth < 3 && !log.isEmpty() && random.nextInt(3) == 0) {
        depth++;
        sync().carry(List.of(log.remove()));
        depth--;
      }
    }

    @Override
    public List<CurrentRow> read(List<ChangedRow> rows) throws InterruptedException {
      step("read", rows.size());
      return rows.stream()
          .map(row -> hbase.get(new String(row.rowKey(), StandardCharsets.UTF_8)))
          .toList();
    }

    @Override
    public List<@Nullable Change> stored(List<Key> keys) throws InterruptedException {
      step("stored", keys.size());
      List<@Nullable Change> found = new ArrayList<>();
      for (Key key : keys) {
        Change change = target.get(key);
        found.add(change instanceof Delete && !readsTombstones ? null : change);
      }
      return found;
    }

    @Override
    public void write(List<Change> changes) throws InterruptedException {
      step("write", changes.size());
      List<Key> bad = changes.stream().map(Change::key).filter(invalid::contains).toList();
      if (!bad.isEmpty()) {
        throw StoreException.invalid("too large", bad);
      }
      changes.forEach(this::apply);
    }

    private void apply(Change change) {
      Change stored = target.get(change.key());
      if (stored == null || change.version() >= stored.version()) {
        target.put(change.key(), change);
      }
    }

    @Override
    public void record(byte[] rowKey, long writtenAt, String reason) {
      refused.add(new String(rowKey, StandardCharsets.UTF_8) + ": " + reason);
    }
  }
}
