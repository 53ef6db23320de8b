// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingChangesTest {

  private PendingChanges pending = new PendingChanges(false);

  /** A later version would supersede changes that other writers made in the meantime. */
  @Test
  void changeThatWaitedForAWriteOfItsKeyGetsTheNextVersionHoweverLongTheWriteTook() {
    Change first = put("first", 5);
    pending.add(first);
    pending.take(1);
    pending.add(put("second", 5));
    pending.release(List.of(first), 50);
    Change second = put("second", 6);
    assertThat(pending.take(1)).containsExactly(second);
    pending.add(new Delete(Key.of(1L), 6));
    pending.release(List.of(second), 90);
    assertThat(pending.take(1)).containsExactly(new Delete(Key.of(1L), 7));
  }

  @Test
  void ofTwoWaitingChangesOfAKeyOneIsLeftOutWhicheverIsNewer() {
    Change first = put("first", 5);
    assertThat(pending.add(first)).isTrue();
    pending.take(1);
    assertThat(pending.add(put("waits", 7))).isTrue();
    assertThat(pending.add(put("older", 6))).isFalse();
    assertThat(pending.add(put("newer", 8))).isFalse();
    pending.release(List.of(first), 50);
    assertThat(pending.take(2)).containsExactly(put("newer", 8));
  }

  @Test
  void changeThatHasANewerVersionOrItsOwnKeepsIt() {
    Change first = put("first", 5);
    pending.add(first);
    pending.take(1);
    pending.add(put("second", 8));
    pending.release(List.of(first), 50);
    assertThat(pending.take(1)).containsExactly(put("second", 8));
    pending.add(put("late", 3));
    pending.release(List.of(put("second", 8)), 0);
    assertThat(pending.take(1)).containsExactly(put("late", 3));
  }

  @Test
  void nothingIsKeptIfARefusedChangeFailsTheJob() {
    for (int i = 0; i < 10; i++) {
      pending.add(put("n" + i, i));
    }
    assertThat(pending.size()).isEqualTo(1);
    assertThat(pending.refused(pending.take(1).get(0))).isFalse();
    assertThat(pending.size()).isZero();
    assertThat(pending.hasReady()).isFalse();
  }

  @Test
  void replacedChangesFollowRefusedOnesFromTheNewestToTheOldest() {
    pending = new PendingChanges(true);
    pending.add(put("b", 5));
    pending.add(put("d", 7));
    pending.add(put("a", 3));
    pending.add(put("c", 5));
    assertThat(pending.waiting()).isEqualTo(1);
    assertThat(pending.size()).isEqualTo(4);
    for (Change next : List.of(put("d", 7), put("c", 5), put("b", 5))) {
      assertThat(pending.take(1)).containsExactly(next);
      assertThat(pending.refused(next)).isTrue();
    }
    assertThat(pending.take(1)).containsExactly(put("a", 3));
    assertThat(pending.refused(put("a", 3))).isFalse();
    assertThat(pending.size()).isZero();
    assertThat(pending.hasReady()).isFalse();
  }

  @Test
  void changesOfBothSidesOfARefusedOneAreOrderedByVersionAndArrival() {
    pending = new PendingChanges(true);
    pending.add(put("before", 6));
    pending.add(put("refused", 9));
    pending.take(1);
    pending.add(put("since", 4));
    assertThat(pending.refused(put("refused", 9))).isTrue();
    assertThat(pending.take(1)).containsExactly(put("before", 6));
    pending.add(put("equal", 6));
    assertThat(pending.refused(put("before", 6))).isFalse();
    assertThat(pending.take(1)).containsExactly(put("equal", 6));
    assertThat(pending.refused(put("equal", 6))).isTrue();
    assertThat(pending.take(1)).containsExactly(put("since", 4));
  }

  @Test
  void changesAreKeptOnlyUntilTheNewerOneIsWritten() {
    pending = new PendingChanges(true);
    pending.add(put("first", 1));
    pending.add(put("second", 2));
    List<Change> batch = pending.take(1);
    pending.add(put("third", 3));
    pending.add(put("fourth", 4));
    assertThat(pending.size()).isEqualTo(3);
    pending.written(batch);
    assertThat(pending.size()).isEqualTo(2);
    pending.release(batch, 0);
    assertThat(pending.take(1)).containsExactly(put("fourth", 4));
    assertThat(pending.refused(put("fourth", 4))).isTrue();
    batch = pending.take(1);
    assertThat(batch).containsExactly(put("third", 3));
    pending.written(batch);
    pending.release(batch, 0);
    assertThat(pending.size()).isZero();
    assertThat(pending.hasReady()).isFalse();
  }

  @Test
  void keptChangesGetTheNextVersionTooSoThatTheyWinOverTheOneThatTheyWaitedFor() {
    pending = new PendingChanges(true);
    pending.add(put("first", 5));
    List<Change> batch = pending.take(1);
    pending.add(put("second", 5));
    pending.add(put("third", 5));
    pending.written(batch);
    pending.release(batch, 50);
    assertThat(pending.take(1)).containsExactly(put("third", 6));
    assertThat(pending.refused(put("third", 6))).isTrue();
    assertThat(pending.take(1)).containsExactly(put("second", 6));
  }

  private static Change put(String text, long version) {
    return new Put(Key.of(1L), Row.of(text), version);
  }
}
