// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance.Difference;
import io.dimstore.spi.Maintenance.Difference.Kind;
import io.dimstore.spi.Put;
import io.dimstore.tck.internal.fixture.Copies;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Rows;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** M2: a check reports exactly the keys whose copy differs, with the kind of difference. */
public abstract class CheckRules {

  private final Kit kit;

  public CheckRules(Kit kit) {
    this.kit = kit;
  }

  @Test
  void m2aCheckCoversEveryRowAndReportsNoEqualCopy() {
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
          copies.repair();
          for (int most : new int[] {4, 1_000}) {
            Copies.Checked checked = copies.check(most, true);
            assertThat(checked.of(keys)).as("differences, %s a page", most).isEmpty();
            assertThat(checked.examined()).as("keys compared").isGreaterThanOrEqualTo(30);
          }
          assertThat(rows.getAll(keys)).containsExactlyElementsOf(puts);
        });
  }

  @Test
  void m2bEachDifferenceIsReportedWithItsKind() {
    Rows rows = kit.rows("copies_checked");
    Copies.with(
        kit,
        rows,
        copies -> {
          AlteredCopies altered = new AlteredCopies(rows);
          if (altered.alter(copies)) {
            assertThat(copies.check(3, false).of(altered.keys()))
                .extracting(one -> one.key() + " " + one.kind())
                .containsExactlyInAnyOrder(
                    altered.stale.key() + " " + Kind.STALE,
                    altered.value.key() + " " + Kind.VALUE,
                    altered.extra + " " + Kind.EXTRA);
          }
        });
  }

  @Test
  void m2cDifferencesAreHealedOnlyIfRequested() {
    Rows rows = kit.rows("copies_checked");
    Copies.with(
        kit,
        rows,
        copies -> {
          AlteredCopies altered = new AlteredCopies(rows);
          if (!altered.alter(copies)) {
            return;
          }
          List<Difference> unasked = copies.check(3, false).of(altered.keys());
          assertThat(unasked).extracting(Difference::healed).containsOnly(false);
          List<Difference> asked = copies.check(3, true).of(altered.keys());
          assertThat(asked)
              .as("differences that were not healed are found again")
              .hasSameSizeAs(unasked);
          assertThat(asked).extracting(Difference::healed).containsOnly(true);
          assertThat(copies.check(3, false).of(altered.keys())).as("after healing").isEmpty();
          assertThat(rows.getAll(altered.keys()))
              .containsExactly(altered.stale, altered.value, altered.fine, null);
        });
  }

  @Test
  void m2dCheckDoesNotChangeTheSystemOfRecord() {
    Rows rows = kit.rows("copies_checked");
    Copies.with(
        kit,
        rows,
        copies -> {
          AlteredCopies altered = new AlteredCopies(rows);
          if (altered.alter(copies)) {
            copies.check(3, true);
            copies.check(3, true);
            assertThat(rows.scanOwn(true))
                .as("rows of the system of record in a scan")
                .containsExactlyInAnyOrder(altered.stale, altered.value, altered.fine);
          }
        });
  }

  /** Rows, and the copies of some of them, which are made to differ. */
  private final class AlteredCopies {
    private final Rows rows;
    private final Put stale;
    private final Put value;
    private final Put fine;
    private final Key extra;

    AlteredCopies(Rows rows) {
      this.rows = rows;
      this.stale = Rows.put(rows.key("stale"), "new", 2);
      this.value = Rows.put(rows.key("value"), "true", 1);
      this.fine = Rows.put(rows.key("fine"), "fine", 1);
      this.extra = rows.key("extra");
    }

    List<Key> keys() {
      return List.of(stale.key(), value.key(), fine.key(), extra);
    }

    /** Writes the rows and alters their copies; returns whether the harness can alter copies. */
    boolean alter(Copies copies) {
      rows.write(stale, value, fine);
      rows.getAll(keys());
      copies.repair();
      return kit.harness().setCopy(rows.spec(), Rows.put(stale.key(), "old", 1))
          && kit.harness().setCopy(rows.spec(), Rows.put(value.key(), "false", 1))
          && kit.harness().setCopy(rows.spec(), Rows.put(extra, "never was", 1));
    }
  }
}
