// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink.order;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RowsOfKeyTest {

  private RowsOfKey rows = RowsOfKey.of(null);

  private RowsOfKey restored() {
    rows = RowsOfKey.of(rows.toState());
    return rows;
  }

  @Test
  void stateHasOnlyTheDeletedVersionOnceAllRowsAreGone() {
    assertThat(rows.toState()).isNull();
    rows.addNewest(10, false);
    assertThat(rows.toState()).containsExactly(-1, 10, 10);
    rows.deleteAll(10);
    assertThat(rows.toState()).containsExactly(10);
  }

  @Test
  void countsComeBackWithTheRows() {
    rows.addNewest(10, true);
    assertThat(restored().addNewest(12, true)).isEqualTo(12);
    rows.addUnlisted();
    rows.addUnlisted();
    rows.addRefused(3);
    restored();
    assertThat(rows.valid()).isEqualTo(4);
    assertThat(rows.unlisted()).isEqualTo(2);
    assertThat(rows.refused()).isEqualTo(3);
    assertThat(rows.newestOwn()).isEqualTo(12);
  }

  @Test
  void rowsKeepTheirOwnVersionsIfTheseAreAboveDeletedOnes() {
    assertThat(rows.addNewest(20, true)).isEqualTo(20);
    assertThat(rows.addOlder(10)).isEqualTo(10);
    assertThat(rows.addOlder(15)).isEqualTo(15);
    assertThat(rows.addOlder(15)).isEqualTo(15);
    assertThat(rows.delete(rows.find(10))).isEqualTo(10);
    assertThat(rows.find(15)).isEqualTo(RowsOfKey.SEVERAL);
  }

  /** A row of version 10 was stored above the deleted one of version 20. */
  @Test
  void olderRowIsDeletedWithTheVersionUnderWhichItIsStored() {
    rows.addNewest(20, true);
    rows.deleteAll(20);
    assertThat(rows.addNewest(10, true)).isEqualTo(21);
    assertThat(restored().addNewest(15, true)).isEqualTo(22);
    assertThat(restored().find(10)).isZero();
    assertThat(rows.delete(0)).isEqualTo(21);
    assertThat(rows.greatest()).isEqualTo(22);
  }

  @Test
  void olderRowTakesTheVersionOfTheDeletedOneIfNoOtherIsLeft() {
    rows.addNewest(20, true);
    rows.deleteAll(20);
    assertThat(rows.addNewest(10, true)).isEqualTo(21);
    assertThat(rows.addOlder(5)).isEqualTo(20);
    assertThat(rows.addOlder(4)).isEqualTo(ChangelogOrder.NO_VERSION);
  }

  @Test
  void rowsThatWereNotListedAreCountedAfterTheJobBeginsToContinueAfterRefusals() {
    rows.addNewest(10, false);
    rows.addNewest(20, false);
    assertThat(rows.toState()).containsExactly(-1, 1, 20, 20);
    restored().addNewest(30, true);
    assertThat(rows.valid()).isEqualTo(3);
    assertThat(rows.listed()).isEqualTo(2);
    rows.deleteUnlisted(10);
    assertThat(restored().valid()).isEqualTo(2);
  }
}
