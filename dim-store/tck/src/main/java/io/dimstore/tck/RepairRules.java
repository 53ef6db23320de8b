package io.dimstore.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Maintenance.Repair;
import io.dimstore.spi.Put;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** M1: what a copy was not told is known until repair has settled it. */
abstract class RepairRules {

  private final Kit kit;

  RepairRules(Kit kit) {
    this.kit = kit;
  }

  @Test
  void m1aWhatAWriteCouldNotTellACopyIsCounted() {
    Rows rows = kit.rows("copies");
    Copies.with(
        kit,
        rows,
        copies -> {
          Put owed = Rows.put(rows.key("a"), "new", 2);
          Put other = Rows.put(rows.key("b"), "new", 2);
          Rows alone = rows.through(kit.open(kit.harness().withoutCopies()));
          alone.write(owed);
          alone.write(other);
          if (!kit.harness().withoutCopies().isEmpty()) {
            assertThat(copies.backlog(10).keys()).as("keys owed").isGreaterThanOrEqualTo(2);
            assertThat(copies.backlog(1).keys()).as("keys counted up to 1").isEqualTo(1);
            assertThat(copies.backlog(1).more()).as("more than 1").isTrue();
            assertThat(copies.backlog(1_000).more()).as("more than 1,000").isFalse();
          }
        });
  }

  @Test
  void m1bAfterRepairReadersFindWhatTheTruthHas() {
    Rows rows = kit.rows("copies");
    Copies.with(
        kit,
        rows,
        copies -> {
          Put newer = owe(rows, Put.NEVER);
          copies.repair();
          rows.assertHas(newer);
          rows.assertAbsent(rows.key("b"));
          assertThat(rows.get(newer.key())).as("read again").isEqualTo(newer);
        });
  }

  /**
   * What is owed is older than every tombstone's retention, and the row that it wrote has ended.
   */
  @Test
  void m1bARepairThatComesAfterTheRetentionMakesNothingVisible() {
    Rows rows = kit.rows("copies");
    Copies.with(
        kit,
        rows,
        copies -> {
          owe(rows, kit.clock().millis() + 60_000);
          kit.clock().advance(Duration.ofDays(7).plusMinutes(2));
          copies.repair();
          rows.assertAbsent(rows.key("a"));
          rows.assertAbsent(rows.key("b"));
        });
  }

  /** Has copies of two rows, and writes a put and a delete of them that no copy is told of. */
  private Put owe(Rows rows, long expiresAtMillis) {
    Put first = Rows.put(rows.key("a"), "old", 1);
    Put second = Rows.put(rows.key("b"), "old", 1);
    rows.write(first, second);
    // A miss and a hit, where reading makes copies.
    for (int i = 0; i < 2; i++) {
      rows.assertHas(first);
      rows.assertHas(second);
    }
    Put newer = Rows.putUntil(rows.key("a"), "new", 2, expiresAtMillis);
    Rows alone = rows.through(kit.open(kit.harness().withoutCopies()));
    alone.write(newer);
    alone.delete(rows.key("b"), 2);
    return newer;
  }

  @Test
  void m1cARepairCalledAgainAndAgainComesToAnEndAndTheBacklogWithIt() {
    Rows rows = kit.rows("copies");
    Copies.with(
        kit,
        rows,
        copies -> {
          Rows alone = rows.through(kit.open(kit.harness().withoutCopies()));
          for (int i = 0; i < 5; i++) {
            alone.write(Rows.put(rows.key("r" + i), "x", 1));
          }
          copies.settle();
          Repair more = kit.answers().await(copies.maintenance().repair(1));
          assertThat(more.remaining()).as("more after the end").isFalse();
        });
  }

  @Test
  void m1dAWriteThatReachedEveryCopyIsNotOwed() {
    Rows rows = kit.rows("copies_reached");
    Copies.with(
        kit,
        rows,
        copies -> {
          Put put = Rows.put(rows.key("k"), "x", 1);
          rows.write(put);
          boolean reached = kit.answers().eventually(() -> copies.backlog(10).keys() == 0);
          assertThat(reached).as("nothing is owed after a write that reached the copies").isTrue();
          assertThat(copies.backlog(10).more()).isFalse();
          assertThat(copies.backlog(10).oldestAge()).isZero();
          rows.assertHas(put);
        });
  }
}
