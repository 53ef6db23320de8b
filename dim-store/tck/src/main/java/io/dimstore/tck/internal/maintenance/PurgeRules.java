// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Put;
import io.dimstore.tck.internal.fixture.Copies;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Rows;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** M3: a purge removes what has ended, and nothing else. */
public abstract class PurgeRules {

  private static final Duration RETENTION = Duration.ofDays(7);

  private final Kit kit;

  public PurgeRules(Kit kit) {
    this.kit = kit;
  }

  @Test
  void m3aTombstonesAndExpiredRowsAreRemovedAfterTheRetention() {
    Rows rows = kit.rows("copies_forgotten");
    Copies.with(
        kit,
        rows,
        copies -> {
          remove(rows);
          kit.clock().advance(RETENTION.plusMillis(2));
          assertThat(copies.purge(2).purged()).as("tombstone and expired row").isEqualTo(2);
          assertThat(rows.scanOwn(true)).as("tombstones after the purge").isEmpty();
          assertThat(copies.purge(100).purged()).as("removed by a second purge").isZero();
        });
  }

  @Test
  void m3bTombstoneWithAMillisecondLeftIsKeptAndCounted() {
    Rows rows = kit.rows("copies_kept");
    Copies.with(
        kit,
        rows,
        copies -> {
          remove(rows);
          assertThat(copies.purge(100).kept()).as("kept at once").isEqualTo(2);
          kit.clock().advance(RETENTION.minusMillis(1));
          copies.purge(1);
          assertThat(copies.purge(100).kept()).as("kept with a millisecond left").isEqualTo(2);
          assertThat(rows.scanOwn(true))
              .containsExactlyInAnyOrder(
                  new Delete(rows.key("dead"), 5), new Delete(rows.key("over"), 3));
          // Tombstones and expired rows that were kept hide late older puts.
          rows.write(Rows.put(rows.key("dead"), "late", 4), Rows.put(rows.key("over"), "late", 2));
          rows.assertAbsent(rows.key("dead"));
          rows.assertAbsent(rows.key("over"));
        });
  }

  @Test
  void m3cPurgeRemovesNothingElse() {
    Rows rows = kit.rows("copies_purged");
    Copies.with(
        kit,
        rows,
        copies -> {
          Put live = Rows.put(rows.key("live"), "x", 3);
          Put back = Rows.put(rows.key("back"), "x", 6);
          Put lasting =
              Rows.putUntil(
                  rows.key("lasting"),
                  "x",
                  3,
                  kit.clock().millis() + Duration.ofDays(99).toMillis());
          rows.write(live, lasting);
          remove(rows);
          rows.delete(back.key(), 5);
          rows.write(back);
          kit.clock().advance(Duration.ofDays(9));
          List<Change> left = List.of(live, back, lasting);
          copies.purge(2);
          copies.purge(100);
          assertThat(rows.scanOwn(false)).containsExactlyInAnyOrderElementsOf(left);
          left.forEach(rows::assertNewest);
        });
  }

  @Test
  void m3dPurgedKeyStaysAbsent() {
    Rows rows = kit.rows("copies_gone");
    Copies.with(
        kit,
        rows,
        copies -> {
          remove(rows);
          rows.assertAbsent(rows.key("dead"));
          kit.clock().advance(Duration.ofDays(9));
          copies.purge(2);
          for (int i = 0; i < 2; i++) {
            rows.assertAbsent(rows.key("dead"));
            rows.assertAbsent(rows.key("over"));
            kit.harness().age(rows.spec());
          }
        });
  }

  /** Writes a row and its tombstone, and a row that expires at once. */
  private void remove(Rows rows) {
    rows.write(Rows.put(rows.key("dead"), "x", 3));
    rows.write(Rows.putUntil(rows.key("over"), "x", 3, kit.clock().millis() + 1));
    kit.clock().advance(Duration.ofMillis(1));
    rows.delete(rows.key("dead"), 5);
  }
}
