// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.Versions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NextChangeTest {

  private static final Key KEY = Key.of("k");
  private static final long NOW = 1_000;

  @Test
  void aRowIsFirstWrittenWithItsVersionInHBase() {
    assertThat(NextChange.first(row(0), present("a", 7))).isEqualTo(put("a", 7));
  }

  @Test
  void aRowThatFellBackIsWrittenAboveTheDeleteMarker() {
    assertThat(NextChange.first(row(21), present("a", 10))).isEqualTo(put("a", 21));
  }

  @Test
  void aVanishedRowIsDeletedAboveItsMarker() {
    assertThat(NextChange.first(row(21), absent(CurrentRow.Absent.UNKNOWN)))
        .isEqualTo(new Delete(KEY, 21));
  }

  @Test
  void aRowDeletedByDimstoreIsDeletedWithThatVersion() {
    assertThat(NextChange.first(row(9), absent(9))).isEqualTo(new Delete(KEY, 9));
  }

  @Test
  void aRowWithoutATraceIsOnlyDeletedIfTheTargetShowsIt() {
    CurrentRow gone = absent(CurrentRow.Absent.UNKNOWN);
    assertThat(NextChange.first(row(0), gone)).isNull();
    assertThat(next(0, gone, null, 0)).isNull();
    assertThat(next(0, gone, new Delete(KEY, 5), 0)).isNull();
    assertThat(next(0, gone, put("a", 5), 0)).isEqualTo(new Delete(KEY, 6));
    assertThat(next(0, gone, new Put(KEY, Row.of("a"), 5, NOW), 0)).isNull();
  }

  @Test
  void aRowIsDoneOnlyWithEqualValuesAndExpiryAndVersion() {
    assertThat(next(0, present("a", 7), put("a", 7), 1)).isNull();
    assertThat(next(0, present("a", 7), put("a", 9), 1)).isNull();
    assertThat(next(0, present("a", 7), put("a", 6), 0)).isEqualTo(put("a", 7));
    assertThat(next(0, present("a", 7), put("b", 7), 1)).isEqualTo(put("a", 8));
    assertThat(next(0, present("a", 7), new Put(KEY, Row.of("a"), 7, 2_000), 1))
        .isEqualTo(put("a", 8));
  }

  @Test
  void aHigherVersionInTheTargetIsExceededByOne() {
    assertThat(next(0, present("a", 7), put("b", 20), 1)).isEqualTo(put("a", 21));
    assertThat(next(0, present("a", 7), new Delete(KEY, 20), 1)).isEqualTo(put("a", 21));
    assertThat(next(12, absent(-1), put("b", 20), 1)).isEqualTo(new Delete(KEY, 21));
    assertThat(next(0, present("a", 7), put("b", Versions.MAX), 1))
        .isEqualTo(put("a", Versions.MAX));
  }

  @Test
  void aTombstoneIsWrittenEvenIfTheTargetShowsNoRow() {
    assertThat(next(21, absent(-1), null, 0)).isEqualTo(new Delete(KEY, 21));
    assertThat(next(21, absent(-1), new Delete(KEY, 20), 0)).isEqualTo(new Delete(KEY, 21));
    assertThat(next(21, absent(-1), new Delete(KEY, 21), 0)).isNull();
    assertThat(next(21, absent(-1), null, 1)).isNull();
  }

  @Test
  void nothingIsRaisedWhileTheTargetIsTheSystemOfRecord() {
    assertThat(NextChange.next(row(0), present("a", 7), put("b", 20), 1, NOW, false)).isNull();
    assertThat(NextChange.next(row(8), absent(-1), put("b", 20), 1, NOW, false)).isNull();
    assertThat(NextChange.next(row(0), present("a", 30), put("b", 20), 0, NOW, false))
        .isEqualTo(put("a", 30));
  }

  @Test
  void aTombstoneOfUnknownVersionIsExceededInDoublingSteps() {
    for (long tombstone : new long[] {7, 8, 100, 1_700_000_000_000L, Versions.MAX}) {
      long version = 7;
      int writes = 1;
      while (version < tombstone && writes < 65) {
        Change next = next(0, present("a", 7), null, writes);
        assertThat(next).isNotNull();
        assertThat(next.version()).isGreaterThanOrEqualTo(version);
        version = next.version();
        writes++;
      }
      assertThat(writes).isLessThan(65);
    }
  }

  private static @Nullable Change next(
      long floor, CurrentRow current, @Nullable Change stored, int writes) {
    return NextChange.next(row(floor), current, stored, writes, NOW, true);
  }

  private static ChangedRow row(long floor) {
    return new ChangedRow(new byte[] {'k'}, KEY, floor, 1_700_000_000_000L, false);
  }

  private static CurrentRow present(String value, long version) {
    return new CurrentRow.Present(put(value, version));
  }

  private static CurrentRow absent(long version) {
    return new CurrentRow.Absent(version);
  }

  private static Put put(String value, long version) {
    return new Put(KEY, Row.of(value), version);
  }
}
