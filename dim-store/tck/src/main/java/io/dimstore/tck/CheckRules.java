package io.dimstore.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance.Difference;
import io.dimstore.spi.Maintenance.Difference.Kind;
import io.dimstore.spi.Put;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** M2: a check finds what differs, as what it is, and nothing else. */
abstract class CheckRules {

  private final Kit kit;

  CheckRules(Kit kit) {
    this.kit = kit;
  }

  @Test
  void m2ACheckLeadsPastEveryRowAndReportsNoneThatIsInStep() {
    Rows rows = kit.rows("copies_checked");
    Copies.with(
        kit,
        rows,
        copies -> {
          List<Put> puts =
              IntStream.range(0, 30).mapToObj(i -> Rows.put(rows.key(i), "v" + i, i)).toList();
          List<Key> keys = puts.stream().map(Put::key).toList();
          rows.write(puts);
          rows.getAll(keys);
          copies.settle();
          for (int most : new int[] {4, 1_000}) {
            Copies.Checked checked = copies.check(most, true);
            assertThat(checked.of(keys)).as("differences, %s a page", most).isEmpty();
            assertThat(checked.examined()).as("keys compared").isGreaterThanOrEqualTo(30);
          }
          assertThat(rows.getAll(keys)).containsExactlyElementsOf(puts);
        });
  }

  @Test
  void m2WhatDiffersIsFoundAndHealedWhereAskedForAlone() {
    Rows rows = kit.rows("copies_checked");
    Copies.with(
        kit,
        rows,
        copies -> {
          Put stale = Rows.put(rows.key("stale"), "new", 2);
          Put value = Rows.put(rows.key("value"), "true", 1);
          Put fine = Rows.put(rows.key("fine"), "fine", 1);
          Key extra = rows.key("extra");
          List<Key> keys = List.of(stale.key(), value.key(), fine.key(), extra);
          rows.write(stale, value, fine);
          rows.getAll(keys);
          copies.settle();
          if (!kit.harness().spoilCopy(rows.spec(), Rows.put(stale.key(), "old", 1))) {
            return;
          }
          kit.harness().spoilCopy(rows.spec(), Rows.put(value.key(), "false", 1));
          kit.harness().spoilCopy(rows.spec(), Rows.put(extra, "never was", 1));
          for (boolean heal : new boolean[] {false, true}) {
            assertThat(copies.check(3, heal).of(keys))
                .as("differences, heal: %s", heal)
                .containsExactlyInAnyOrder(
                    new Difference(stale.key(), Kind.STALE, heal),
                    new Difference(value.key(), Kind.VALUE, heal),
                    new Difference(extra, Kind.EXTRA, heal));
          }
          assertThat(copies.check(3, false).of(keys)).as("after healing").isEmpty();
          assertThat(rows.getAll(keys)).containsExactly(stale, value, fine, null);
        });
  }
}
