// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.tck.harness.Provocation;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Rows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** R7: sending a whole write again is safe. */
public abstract class ResendRules {

  private final Kit kit;
  private final Rows rows;

  public ResendRules(Kit kit) {
    this.kit = kit;
    this.rows = kit.rows();
  }

  @Test
  void r7aWritingABatchTwiceEqualsWritingItOnce() {
    List<Change> batch = batch("twice");
    rows.write(batch);
    List<Change> once = rows.scanOwn(true);
    rows.write(batch);
    assertThat(rows.scanOwn(true)).containsExactlyInAnyOrderElementsOf(once);
    batch.forEach(rows::assertNewest);
  }

  @Test
  void r7aPartOfABatchFollowedByAllOfItEqualsAllOfIt() {
    List<Change> batch = batch("part");
    List<Change> part = new ArrayList<>(batch);
    Collections.shuffle(part, new Random(7));
    rows.write(part.subList(0, 17));
    rows.write(batch);
    batch.forEach(rows::assertNewest);
  }

  @Test
  void r7bOldBatchSentAgainDoesNotUndoNewerChanges() {
    List<Change> batch = batch("old");
    rows.write(batch);
    Key revived = batch.get(0).key();
    Key changed = batch.get(1).key();
    Key removed = batch.get(2).key();
    List<Change> newer =
        List.of(
            Rows.put(revived, "revived", 1_000),
            Rows.put(changed, "changed", 1_000),
            new Delete(removed, 1_000));
    rows.write(newer);
    rows.write(batch);
    newer.forEach(rows::assertNewest);
    batch.subList(3, batch.size()).forEach(rows::assertNewest);
  }

  @Test
  void r7cAnotherWriterCanApplyAHalfAppliedBatchInAnyOrder() {
    List<Change> batch = batch("half");
    Change newer = Rows.put(batch.get(1).key(), "newer", 1_000);
    Change older = Rows.put(batch.get(39).key(), "older", 0);
    kit.provoked(
        Provocation.HALF_WRITES,
        rows,
        kit.hurried(),
        (half, end) -> {
          kit.answers().assertMayBeRetried(() -> half.table().write(batch));
          Rows other = rows.through(kit.open(Map.of()));
          other.write(newer);
          List<Change> shuffled = new ArrayList<>(batch);
          Collections.shuffle(shuffled, new Random(9));
          other.write(shuffled);
          other.write(older);
          batch.forEach(
              change -> rows.assertNewest(change.key().equals(newer.key()) ? newer : change));
          end.run();
          kit.answers().retried(() -> half.table().write(batch));
          batch.forEach(
              change -> rows.assertNewest(change.key().equals(newer.key()) ? newer : change));
        });
  }

  /** No other writer writes the changes that the failed write did not apply. */
  @Test
  void r7cSameWriterCanApplyAHalfAppliedBatchAgain() {
    List<Change> batch = batch("alone");
    kit.provoked(
        Provocation.HALF_WRITES,
        rows,
        kit.hurried(),
        (half, end) -> {
          kit.answers().assertMayBeRetried(() -> half.table().write(batch));
          end.run();
          kit.answers().retried(() -> half.table().write(batch));
          batch.forEach(rows::assertNewest);
        });
  }

  @Test
  void r7dGetsAndScansAgreeAfterAHalfAppliedWrite() {
    List<Put> before =
        IntStream.range(0, 40).mapToObj(i -> Rows.put(rows.key("torn" + i), "old", i)).toList();
    List<Put> after =
        before.stream().map(put -> Rows.put(put.key(), "new", put.version() + 100)).toList();
    List<Key> keys = before.stream().map(Put::key).toList();
    rows.write(before);
    // Reads a miss and then a hit, if reading fills copies.
    for (int i = 0; i < 2; i++) {
      assertThat(rows.getAll(keys)).isEqualTo(before);
    }
    kit.provoked(
        Provocation.HALF_WRITES,
        rows,
        kit.hurried(),
        (half, end) -> {
          kit.answers().assertMayBeRetried(() -> half.table().write(List.copyOf(after)));
          Map<Key, Change> scanned = new HashMap<>();
          rows.scanOwn(false).forEach(change -> scanned.put(change.key(), change));
          List<@Nullable Change> applied = new ArrayList<>();
          keys.forEach(key -> applied.add(scanned.get(key)));
          // The second read finds what the first one may have copied.
          for (int i = 0; i < 2; i++) {
            assertThat(rows.getAll(keys)).isEqualTo(applied);
            assertThat(half.getAll(keys)).isEqualTo(applied);
          }
        });
  }

  /** Returns changes of 40 keys; every third is a delete. */
  private List<Change> batch(String name) {
    List<Change> batch = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Key key = rows.key(name + i);
      batch.add(i % 3 == 0 ? new Delete(key, i) : Rows.put(key, "v" + i, i));
    }
    return batch;
  }
}
