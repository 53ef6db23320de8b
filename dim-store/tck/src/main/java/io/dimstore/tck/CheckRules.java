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
  void m2aACheckLeadsPastEveryRowAndReportsNoneThatIsInStep() {
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
  void m2bEachDifferenceIsReportedAsWhatItIs() {
    Rows rows = kit.rows("copies_checked");
    Copies.with(
        kit,
        rows,
        copies -> {
          Spoiled spoiled = new Spoiled(rows);
          if (spoiled.spoil(copies)) {
            assertThat(copies.check(3, false).of(spoiled.keys()))
                .extracting(one -> one.key() + " " + one.kind())
                .containsExactlyInAnyOrder(
                    spoiled.stale.key() + " " + Kind.STALE,
                    spoiled.value.key() + " " + Kind.VALUE,
                    spoiled.extra + " " + Kind.EXTRA);
          }
        });
  }

  @Test
  void m2cWhatDiffersIsHealedWhereAskedForAlone() {
    Rows rows = kit.rows("copies_checked");
    Copies.with(
        kit,
        rows,
        copies -> {
          Spoiled spoiled = new Spoiled(rows);
          if (!spoiled.spoil(copies)) {
            return;
          }
          List<Difference> unasked = copies.check(3, false).of(spoiled.keys());
          assertThat(unasked).extracting(Difference::healed).containsOnly(false);
          List<Difference> asked = copies.check(3, true).of(spoiled.keys());
          assertThat(asked)
              .as("what was not asked to be healed is found again")
              .hasSameSizeAs(unasked);
          assertThat(asked).extracting(Difference::healed).containsOnly(true);
          assertThat(copies.check(3, false).of(spoiled.keys())).as("after healing").isEmpty();
          assertThat(rows.getAll(spoiled.keys()))
              .containsExactly(spoiled.stale, spoiled.value, spoiled.fine, null);
        });
  }

  @Test
  void m2dACheckDoesNotTouchTheTruth() {
    Rows rows = kit.rows("copies_checked");
    Copies.with(
        kit,
        rows,
        copies -> {
          Spoiled spoiled = new Spoiled(rows);
          if (spoiled.spoil(copies)) {
            copies.check(3, true);
            copies.check(3, true);
            assertThat(rows.scanOwn(true))
                .as("what a scan reads of the truth")
                .containsExactlyInAnyOrder(spoiled.stale, spoiled.value, spoiled.fine);
          }
        });
  }

  /** Rows of which the copies say something else. */
  private final class Spoiled {
    private final Rows rows;
    private final Put stale;
    private final Put value;
    private final Put fine;
    private final Key extra;

    Spoiled(Rows rows) {
      this.rows = rows;
      this.stale = Rows.put(rows.key("stale"), "new", 2);
      this.value = Rows.put(rows.key("value"), "true", 1);
      this.fine = Rows.put(rows.key("fine"), "fine", 1);
      this.extra = rows.key("extra");
    }

    List<Key> keys() {
      return List.of(stale.key(), value.key(), fine.key(), extra);
    }

    /** Whether the harness can spoil copies. */
    boolean spoil(Copies copies) {
      rows.write(stale, value, fine);
      rows.getAll(keys());
      copies.repair();
      return kit.harness().spoilCopy(rows.spec(), Rows.put(stale.key(), "old", 1))
          && kit.harness().spoilCopy(rows.spec(), Rows.put(value.key(), "false", 1))
          && kit.harness().spoilCopy(rows.spec(), Rows.put(extra, "never was", 1));
    }
  }
}
