// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.tck.harness.RecordingMetrics;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Rows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** R1: answers come in the order asked, whatever the size of the batch. */
public abstract class OrderRules {

  private final Kit kit;
  private final Rows rows;

  public OrderRules(Kit kit) {
    this.kit = kit;
    this.rows = kit.rows();
  }

  @Test
  void r1bGetOfNoKeysIsEmpty() {
    assertThat(rows.getAll(List.of())).isEmpty();
  }

  @Test
  void r1bAWriteOfNothingSucceeds() {
    rows.write(List.of());
  }

  @Test
  void r1aGetOfOneKeyHasOneElement() {
    Put row = Rows.put(rows.key("one"), "x", 1);
    rows.write(row);
    assertThat(rows.getAll(List.of(row.key()))).containsExactly(row);
  }

  @Test
  void r1aPresentAbsentAndDeletedKeysAnswerInTheirPlaces() {
    Put first = Rows.put(rows.key("first"), "1", 1);
    Put last = Rows.put(rows.key("last"), "3", 3);
    rows.write(first, last, new Delete(rows.key("gone"), 2));
    List<Key> asked =
        List.of(last.key(), rows.key("never"), rows.key("gone"), first.key(), rows.key("neither"));
    assertThat(rows.getAll(asked)).containsExactly(last, null, null, first, null);
  }

  @Test
  void r1aAThousandKeysInAnyOrderAnswerInTheirPlaces() {
    List<Put> puts =
        IntStream.range(0, 1_000).mapToObj(i -> Rows.put(rows.key(i), "v" + i, i)).toList();
    rows.write(puts);
    List<Key> asked = new ArrayList<>();
    List<@Nullable Put> expected = new ArrayList<>();
    List<Integer> order = new ArrayList<>(IntStream.range(0, 1_100).boxed().toList());
    Collections.shuffle(order, new Random(1));
    for (int i : order) {
      asked.add(rows.key(i));
      expected.add(i < puts.size() ? puts.get(i) : null);
    }
    assertThat(rows.getAll(asked)).isEqualTo(expected);
  }

  @Test
  void r1bThousandsOfKeysAreAllFound() {
    List<Put> puts =
        IntStream.range(0, 2_500).mapToObj(i -> Rows.put(rows.key("s" + i), "v" + i, i)).toList();
    rows.write(puts);
    // R1a tests the order.
    assertThat(new HashSet<>(rows.getAll(puts.stream().map(Put::key).toList())))
        .isEqualTo(new HashSet<>(puts));
  }

  @Test
  void r1cKeyAskedTwiceHasTwoEqualAnswers() {
    Put there = Rows.put(rows.key("twice"), "x", 1);
    rows.write(there);
    Key never = rows.key("never");
    assertThat(rows.getAll(List.of(there.key(), never, there.key(), never, there.key())))
        .containsExactly(there, null, there, null, there);
  }

  @Test
  void r1dAKeyAskedOftenIsReadOnce() {
    RecordingMetrics metrics = new RecordingMetrics();
    Rows counted = rows.through(kit.open(Map.of(), metrics));
    Put there = Rows.put(counted.key("often"), "x", 1);
    counted.write(there);
    int cold = keysRead(metrics, counted, List.of(there.key()));
    int warm = keysRead(metrics, counted, List.of(there.key()));
    int often = keysRead(metrics, counted, Collections.nCopies(100, there.key()));
    assertThat(cold).as("keys in the metrics of a get of one key").isPositive();
    assertThat(often)
        .as("keys read for 100 times the same key; a get of one reads %d or %d", cold, warm)
        .isLessThanOrEqualTo(Math.max(cold, warm));
  }

  private static int keysRead(RecordingMetrics metrics, Rows rows, List<Key> asked) {
    metrics.reset();
    assertThat(rows.getAll(asked)).doesNotContainNull();
    return metrics.keysRead().values().stream().mapToInt(Integer::intValue).sum();
  }
}
