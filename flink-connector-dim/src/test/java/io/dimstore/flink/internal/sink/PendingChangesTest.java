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

  private final PendingChanges pending = new PendingChanges();

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

  private static Change put(String text, long version) {
    return new Put(Key.of(1L), Row.of(text), version);
  }
}
