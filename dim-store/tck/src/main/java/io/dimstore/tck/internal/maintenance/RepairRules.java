// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Maintenance.Repair;
import io.dimstore.spi.Put;
import io.dimstore.tck.internal.fixture.Copies;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Rows;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** M1: writes that did not reach a copy are counted until a repair has reconciled them. */
public abstract class RepairRules {

  private final Kit kit;

  public RepairRules(Kit kit) {
    this.kit = kit;
  }

  @Test
  void m1aWriteThatDidNotReachTheCopiesIsCounted() {
    Rows rows = kit.rows("copies");
    Copies.with(
        kit,
        rows,
        copies -> {
          Put first = Rows.put(rows.key("a"), "new", 2);
          Put second = Rows.put(rows.key("b"), "new", 2);
          Rows withoutCopies = rows.through(kit.open(kit.harness().withoutCopies()));
          withoutCopies.write(first);
          withoutCopies.write(second);
          if (!kit.harness().withoutCopies().isEmpty()) {
            assertThat(copies.backlog(10).keys())
                .as("keys in the backlog")
                .isGreaterThanOrEqualTo(2);
            assertThat(copies.backlog(1).keys()).as("keys counted up to 1").isEqualTo(1);
            assertThat(copies.backlog(1).more()).as("more than 1").isTrue();
            assertThat(copies.backlog(1_000).more()).as("more than 1,000").isFalse();
          }
        });
  }

  @Test
  void m1bAfterRepairReadersFindTheSystemOfRecord() {
    Rows rows = kit.rows("copies");
    Copies.with(
        kit,
        rows,
        copies -> {
          Put newer = writeWithoutCopies(rows, Put.NEVER);
          copies.repair();
          rows.assertHas(newer);
          rows.assertAbsent(rows.key("b"));
          assertThat(rows.get(newer.key())).as("read again").isEqualTo(newer);
        });
  }

  /**
   * The write that did not reach the copies is older than the retention, and its row has expired.
   */
  @Test
  void m1bRepairAfterTheRetentionMakesNothingVisible() {
    Rows rows = kit.rows("copies");
    Copies.with(
        kit,
        rows,
        copies -> {
          writeWithoutCopies(rows, kit.clock().millis() + 60_000);
          kit.clock().advance(Duration.ofDays(7).plusMinutes(2));
          copies.repair();
          rows.assertAbsent(rows.key("a"));
          rows.assertAbsent(rows.key("b"));
        });
  }

  /** Makes copies of two rows, then writes a put and a delete that do not reach the copies. */
  private Put writeWithoutCopies(Rows rows, long expiresAtMillis) {
    Put first = Rows.put(rows.key("a"), "old", 1);
    Put second = Rows.put(rows.key("b"), "old", 1);
    rows.write(first, second);
    // Reads a miss and then a hit, if reading fills copies.
    for (int i = 0; i < 2; i++) {
      rows.assertHas(first);
      rows.assertHas(second);
    }
    Put newer = Rows.putUntil(rows.key("a"), "new", 2, expiresAtMillis);
    Rows withoutCopies = rows.through(kit.open(kit.harness().withoutCopies()));
    withoutCopies.write(newer);
    withoutCopies.delete(rows.key("b"), 2);
    return newer;
  }

  @Test
  void m1cRepeatedRepairsEndWithAnEmptyBacklog() {
    Rows rows = kit.rows("copies");
    Copies.with(
        kit,
        rows,
        copies -> {
          Rows withoutCopies = rows.through(kit.open(kit.harness().withoutCopies()));
          for (int i = 0; i < 5; i++) {
            withoutCopies.write(Rows.put(rows.key("r" + i), "x", 1));
          }
          copies.repairKeyByKey();
          Repair more = kit.answers().await(copies.maintenance().repair(1));
          assertThat(more.remaining()).as("more to repair after the end").isFalse();
        });
  }

  @Test
  void m1dWriteThatReachedEveryCopyIsNotInTheBacklog() {
    Rows rows = kit.rows("copies_reached");
    Copies.with(
        kit,
        rows,
        copies -> {
          Put put = Rows.put(rows.key("k"), "x", 1);
          rows.write(put);
          boolean reached = kit.answers().eventually(() -> copies.backlog(10).keys() == 0);
          assertThat(reached)
              .as("the backlog is empty after a write that reached the copies")
              .isTrue();
          assertThat(copies.backlog(10).more()).isFalse();
          assertThat(copies.backlog(10).oldestAge()).isZero();
          rows.assertHas(put);
        });
  }
}
