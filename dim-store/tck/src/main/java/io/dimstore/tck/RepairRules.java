package io.dimstore.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Put;
import org.junit.jupiter.api.Test;

/** M1: what a copy was not told is known until repair has settled it. */
abstract class RepairRules {

  private final Kit kit;

  RepairRules(Kit kit) {
    this.kit = kit;
  }

  @Test
  void m1WhatAWriteCouldNotTellACopyIsOwedUntilRepair() {
    Rows rows = kit.rows("copies");
    Copies.with(
        kit,
        rows,
        copies -> {
          rows.write(Rows.put(rows.key("a"), "old", 1), Rows.put(rows.key("b"), "old", 1));
          // A miss and a hit, where reading makes copies.
          for (int i = 0; i < 2; i++) {
            rows.assertHas(Rows.put(rows.key("a"), "old", 1));
            rows.assertHas(Rows.put(rows.key("b"), "old", 1));
          }
          Put newer = Rows.put(rows.key("a"), "new", 2);
          Rows alone = rows.through(kit.open(kit.harness().withoutCopies()));
          alone.write(newer);
          alone.delete(rows.key("b"), 2);
          if (!kit.harness().withoutCopies().isEmpty()) {
            assertThat(copies.backlog(10).keys()).as("keys owed").isGreaterThanOrEqualTo(2);
            assertThat(copies.backlog(1).more()).as("more than one").isTrue();
          }
          copies.settle();
          rows.assertHas(newer);
          rows.assertAbsent(rows.key("b"));
        });
  }

  @Test
  void m1AWriteThatReachedEveryCopyIsNotOwed() {
    Rows rows = kit.rows("copies");
    Copies.with(
        kit,
        rows,
        copies -> {
          Put put = Rows.put(rows.key("k"), "x", 1);
          rows.write(put);
          copies.settle();
          assertThat(copies.backlog(10).more()).isFalse();
          assertThat(copies.backlog(10).oldestAge()).isZero();
          rows.assertHas(put);
        });
  }
}
