// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.tck.internal.fixture.Histories;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Rows;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R4: deletes have versions and leave tombstones. */
public abstract class DeleteRules {

  private static final Duration RETENTION = Duration.ofDays(7);
  private static final Duration PAST_RETENTION = RETENTION.plusMillis(1);
  private static final Duration MILLI = Duration.ofMillis(1);

  private final Kit kit;
  private final Rows rows;

  public DeleteRules(Kit kit) {
    this.kit = kit;
    this.rows = kit.rows();
  }

  @Test
  void r4aADeletedRowIsAbsent() {
    Key key = rows.key("deleted");
    rows.write(Rows.put(key, "x", 1));
    rows.delete(key, 2);
    rows.assertAbsent(key);
  }

  @Test
  void r4bALateOlderPutDoesNotBringTheRowBack() {
    Key key = rows.key("late");
    rows.write(Rows.put(key, "x", 5));
    rows.delete(key, 10);
    rows.write(Rows.put(key, "late", 9));
    rows.assertAbsent(key);
    rows.write(Rows.put(key, "again", 5));
    rows.assertAbsent(key);
    kit.harness().age(rows.spec());
    rows.assertAbsent(key);
    rows.write(Rows.put(key, "after ageing", 8));
    rows.assertAbsent(key);
  }

  @Test
  void r4bDeleteOfAMissingKeyIsRememberedToo() {
    Key key = rows.key("never-seen");
    rows.delete(key, 10);
    rows.assertAbsent(key);
    kit.harness().age(rows.spec());
    rows.write(Rows.put(key, "late", 9));
    rows.assertAbsent(key);
  }

  @Test
  void r4aANewerPutAfterADeleteIsVisible() {
    Key key = rows.key("back");
    rows.write(Rows.put(key, "x", 1));
    rows.delete(key, 2);
    rows.write(Rows.put(key, "back", 3));
    rows.assertHas(Rows.put(key, "back", 3));
    kit.harness().age(rows.spec());
    rows.assertHas(Rows.put(key, "back", 3));
  }

  @Test
  void r4aAPutOfEqualVersionAfterADeleteWins() {
    Key key = rows.key("delete-put");
    rows.delete(key, 4);
    rows.write(Rows.put(key, "after", 4));
    rows.assertHas(Rows.put(key, "after", 4));
    kit.harness().age(rows.spec());
    rows.assertHas(Rows.put(key, "after", 4));
  }

  @Test
  void r4aADeleteOfEqualVersionAfterAPutWins() {
    Key key = rows.key("put-delete");
    rows.write(Rows.put(key, "before", 4));
    rows.delete(key, 4);
    rows.assertAbsent(key);
    kit.harness().age(rows.spec());
    rows.assertAbsent(key);
  }

  /** The version is from 1970, but retention counts from when the delete was applied. */
  @Test
  void r4cDeleteOfAnOldVersionIsRememberedForTheWholeRetention() {
    Key key = rows.key("ancient");
    rows.write(Rows.put(key, "x", 1));
    rows.delete(key, 2);
    kit.harness().age(rows.spec());
    kit.clock().advance(Duration.ofDays(6));
    rows.write(Rows.put(key, "late", 1));
    rows.assertAbsent(key);
    rows.write(Rows.put(key, "late", 0));
    rows.assertAbsent(key);
  }

  /** The versions are eight days old: a retention counted from them would be over. */
  @Test
  void r4cRetentionOfALateDeleteStartsWhenItIsApplied() {
    Key key = rows.key("applied-late");
    long then = kit.clock().millis() - Duration.ofDays(8).toMillis();
    rows.write(Rows.put(key, "x", then));
    rows.delete(key, then + 2);
    kit.clock().advance(Duration.ofDays(6));
    rows.write(Rows.put(key, "late", then + 1));
    rows.assertAbsent(key);
    kit.harness().age(rows.spec());
    rows.assertAbsent(key);
  }

  @Test
  void r4cRetentionStartsAgainWithANewerDelete() {
    long version = kit.clock().millis();
    Key key = rows.key("deleted-again");
    rows.delete(key, version + 2);
    kit.clock().advance(Duration.ofDays(6));
    rows.delete(key, version + 5);
    kit.clock().advance(Duration.ofDays(6));
    rows.write(Rows.put(key, "late", version + 4));
    rows.assertAbsent(key);
  }

  @Test
  void r4dTombstoneIsRememberedUntilTheLastMillisecond() {
    long version = kit.clock().millis();
    Key key = rows.key("edge");
    Key never = rows.key("edge-never-seen");
    rows.write(Rows.put(key, "x", version));
    rows.write(new Delete(key, version + 5), new Delete(never, version + 5));
    kit.clock().advance(RETENTION.minus(MILLI));
    rows.write(Rows.put(key, "late", version + 4), Rows.put(never, "late", version + 4));
    rows.assertAbsent(key);
    rows.assertAbsent(never);
  }

  /** When the tombstone ends, one older put is still stored, and another one arrived late. */
  @Test
  void r4eNoOlderPutIsVisibleAroundTheEndOfATombstone() {
    long version = kit.clock().millis();
    Key held = rows.key("uncovered");
    Key late = rows.key("uncovered-late");
    rows.write(Rows.put(held, "x", version), Rows.put(late, "x", version));
    rows.write(new Delete(held, version + 5), new Delete(late, version + 5));
    rows.write(Rows.put(late, "late", version + 1));
    kit.clock().advance(RETENTION.minus(MILLI));
    for (int i = 0; i < 3; i++) {
      rows.assertAbsent(held);
      rows.assertAbsent(late);
      assertThat(rows.scanOwn(false)).extracting(c -> c.key()).doesNotContain(held, late);
      kit.clock().advance(MILLI);
    }
    kit.harness().age(rows.spec());
    rows.assertAbsent(held);
    rows.assertAbsent(late);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void r4bRandomHistoriesWithDeletesEqualAMap(long seed) {
    new Histories(kit, rows, true).run(seed);
  }

  @Test
  void r4eNoOlderPutIsVisibleAfterTheEndOfATombstone() {
    Key key = rows.key("ended");
    long now = kit.clock().millis();
    for (long version = now; version < now + 3; version++) {
      rows.write(Rows.put(key, "v" + version, version));
    }
    rows.delete(key, now + 3);
    Key late = rows.key("ended-late");
    rows.delete(late, now + 3);
    rows.write(Rows.put(late, "late", now));
    kit.clock().advance(PAST_RETENTION);
    rows.assertAbsent(key);
    rows.assertAbsent(late);
    kit.harness().age(rows.spec());
    rows.assertAbsent(key);
    rows.assertAbsent(late);
    assertThat(rows.scanOwn(false)).extracting(c -> c.key()).doesNotContain(key, late);
    rows.write(Rows.put(key, "new", now + 4));
    rows.assertHas(Rows.put(key, "new", now + 4));
  }

  @Test
  void r4fScanReturnsTombstonesOnlyIfRequested() {
    Put row = Rows.put(rows.key("row"), "x", 5);
    Key gone = rows.key("gone");
    Key never = rows.key("gone-never-seen");
    rows.write(row, Rows.put(gone, "y", 6));
    rows.write(new Delete(gone, 7), new Delete(never, 0));
    assertThat(rows.scanOwn(false)).containsExactly(row);
    assertThat(rows.scanOwn(true))
        .containsExactlyInAnyOrder(row, new Delete(gone, 7), new Delete(never, 0));
  }

  @Test
  void r4fTombstoneIsScannedUntilTheLastMillisecond() {
    Change gone = new Delete(rows.key("scanned"), 3);
    rows.write(gone);
    kit.clock().advance(RETENTION.minus(MILLI));
    assertThat(rows.scanOwn(true)).contains(gone);
  }

  @Test
  void r4aAnOlderDeleteLeavesTheNewerTombstone() {
    Key key = rows.key("two-deletes");
    rows.write(Rows.put(key, "x", 1));
    rows.delete(key, 10);
    rows.delete(key, 5);
    rows.write(Rows.put(key, "between", 7));
    rows.assertAbsent(key);
    assertThat(rows.scanOwn(true)).isEqualTo(List.of(new Delete(key, 10)));
  }
}
