// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.tck.internal.fixture.Copies;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** R3 for copies: fills and repairs undo no write, and the system of record decides ties. */
public abstract class CopyVersionRules {

  private static final int KEYS = 60;
  private static final int ROUNDS = 2;

  private final Kit kit;

  public CopyVersionRules(Kit kit) {
    this.kit = kit;
  }

  /** Each row is read when its copy is too old, and is written during that read. */
  @Test
  void r3gLateFillDoesNotUndoAWrite() {
    if (kit.harness().maxAge().isZero()) {
      return;
    }
    Rows rows = kit.rows("copies_filled");
    for (int round = 0; round < ROUNDS; round++) {
      List<Put> first = puts(rows, round, "first", 5, 5);
      List<Put> second = puts(rows, round, "second", 5, 6);
      List<Key> keys = keysOf(first);
      rows.write(first);
      // Reads a miss and then a hit, if reading fills copies.
      for (int i = 0; i < 2; i++) {
        assertThat(rows.getAll(keys)).isEqualTo(first);
      }
      kit.clock().advance(kit.harness().maxAge());
      kit.harness().advanceServers(kit.harness().maxAge());
      List<CompletionStage<List<@Nullable Put>>> reads = new ArrayList<>();
      List<CompletionStage<Void>> writes = new ArrayList<>();
      for (int i = 0; i < KEYS; i++) {
        reads.add(rows.table().get(List.of(keys.get(i)), rows.all()));
        writes.add(rows.table().write(List.of(second.get(i))));
      }
      writes.forEach(kit.answers()::await);
      for (int i = 0; i < KEYS; i++) {
        assertThat(kit.answers().await(reads.get(i)).get(0)).isIn(first.get(i), second.get(i));
      }
      for (int i = 0; i < 2; i++) {
        assertThat(rows.getAll(keys)).as("rows after all fills").isEqualTo(second);
      }
    }
  }

  /** Each row is written during its repair. */
  @Test
  void r3hLateRepairDoesNotUndoAWrite() {
    Rows rows = kit.rows("copies_repaired");
    Copies.with(
        kit,
        rows,
        copies -> {
          Rows withoutCopies = rows.through(kit.open(kit.harness().withoutCopies()));
          for (int round = 0; round < ROUNDS; round++) {
            List<Put> first = puts(rows, round, "first", 5, 5);
            List<Put> second = puts(rows, round, "second", 5, 6);
            withoutCopies.write(first);
            CompletionStage<?> repair = copies.maintenance().repair(2 * KEYS);
            List<CompletionStage<Void>> writes = new ArrayList<>();
            for (Put put : second) {
              writes.add(rows.table().write(List.of(put)));
            }
            writes.forEach(kit.answers()::await);
            kit.answers().await(repair);
            copies.repair();
            for (int i = 0; i < 2; i++) {
              assertThat(rows.getAll(keysOf(second))).as("after all repairs").isEqualTo(second);
            }
          }
        });
  }

  @Test
  void r3iRepairCopiesTheSystemOfRecordForEqualVersions() {
    Rows rows = kit.rows("copies");
    Copies.with(
        kit,
        rows,
        copies -> {
          Put copied = put(rows.key("tie"), "copied", 5);
          rows.write(copied);
          for (int i = 0; i < 2; i++) {
            rows.assertHas(copied);
          }
          Put current = put(copied.key(), "current", 5);
          rows.through(kit.open(kit.harness().withoutCopies())).write(current);
          copies.repair();
          for (int i = 0; i < 2; i++) {
            rows.assertHas(current);
          }
        });
  }

  /** Returns rows with one value, alternating between two versions. */
  private static List<Put> puts(Rows rows, int round, String value, long even, long odd) {
    return IntStream.range(0, KEYS)
        .mapToObj(i -> put(rows.key(round + "-" + i), value, i % 2 == 0 ? even : odd))
        .toList();
  }

  /** Returns a row that has the value in two columns. */
  private static Put put(Key key, String value, long version) {
    return new Put(key, Row.of(value, version, value), version);
  }

  private static List<Key> keysOf(List<Put> puts) {
    return puts.stream().map(Put::key).toList();
  }
}
