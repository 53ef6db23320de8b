// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.LocalZonedTimestampType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.TimestampType;
import org.junit.jupiter.api.Test;

/** A stored row (score, score version, segment, segment version), and updates of the first two. */
class PartialColumnsTest {

  private static final Key KEY = Key.of("u1");
  private static final PartialColumns SCORE =
      new PartialColumns(List.of(0, 1), 1, new BigIntType(), 4);

  private static Put stored(
      Integer score, Long scored, String segment, Long segmented, long version) {
    return new Put(KEY, Row.of(score, scored, segment, segmented), version);
  }

  /** A row as the sink reads it: columns that the statement does not set are null. */
  private static Put update(int score, long scored) {
    return new Put(KEY, Row.of(score, scored, null, null), scored);
  }

  @Test
  void newerColumnsReplaceTheirOwnAndLeaveTheOthers() {
    assertThat(SCORE.merge(update(7, 12), stored(5, 10L, "gold", 90L, 90)))
        .isEqualTo(stored(7, 12L, "gold", 90L, 91));
  }

  @Test
  void versionOfTheRowIsThatOfTheColumnsIfItIsGreater() {
    assertThat(SCORE.merge(update(7, 200), stored(5, 10L, "gold", 90L, 90)))
        .isEqualTo(stored(7, 200L, "gold", 90L, 200));
  }

  @Test
  void olderColumnsAreSupersededWhateverTheVersionOfTheRow() {
    assertThat(SCORE.merge(update(7, 9), stored(5, 10L, null, null, 3))).isNull();
    assertThat(SCORE.merge(new Delete(KEY, 9), stored(5, 10L, "gold", 90L, 90))).isNull();
  }

  @Test
  void equalVersionReplacesAndTheSameColumnsChangeNothing() {
    Put row = stored(5, 10L, "gold", 90L, 90);
    assertThat(SCORE.merge(update(6, 10), row)).isEqualTo(stored(6, 10L, "gold", 90L, 91));
    assertThat(SCORE.merge(update(5, 10), row)).isNull();
  }

  @Test
  void columnsThatWereNeverSetAreOlderThanAll() {
    assertThat(SCORE.merge(update(7, 0), stored(null, null, "gold", 90L, 90)))
        .isEqualTo(stored(7, 0L, "gold", 90L, 91));
  }

  @Test
  void absentRowGetsTheColumnsAndNullInTheOthers() {
    assertThat(SCORE.merge(update(7, 12), null)).isEqualTo(stored(7, 12L, null, null, 12));
  }

  @Test
  void removedRowComesBackOnlyWithNewerColumns() {
    assertThat(SCORE.merge(update(7, 12), new Delete(KEY, 13))).isNull();
    assertThat(SCORE.merge(update(7, 12), new Delete(KEY, 11)))
        .isEqualTo(stored(7, 12L, null, null, 12));
  }

  @Test
  void deleteSetsTheColumnsToNullAndKeepsItsVersion() {
    Change deleted = SCORE.merge(new Delete(KEY, 12), stored(5, 10L, "gold", 90L, 90));
    assertThat(deleted).isEqualTo(stored(null, 12L, "gold", 90L, 91));
    assertThat(SCORE.merge(update(5, 11), deleted)).as("an older update after it").isNull();
  }

  @Test
  void expiryIsKeptUnlessTheChangeHasOne() {
    Put row = new Put(KEY, Row.of(5, 10L, "gold", 90L), 90, 1_000);
    Put with = new Put(KEY, Row.of(7, 12L, null, null), 12, 2_000);
    assertThat(SCORE.merge(update(7, 12), row))
        .isEqualTo(new Put(KEY, Row.of(7, 12L, "gold", 90L), 91, 1_000));
    assertThat(SCORE.merge(with, row))
        .isEqualTo(new Put(KEY, Row.of(7, 12L, "gold", 90L), 91, 2_000));
  }

  @Test
  void timesAreComparedByMilliseconds() {
    PartialColumns instants = columns(new LocalZonedTimestampType(3));
    Put row = new Put(KEY, Row.of(5, Instant.ofEpochMilli(1_500)), 9_000);
    assertThat(instants.merge(new Put(KEY, Row.of(6, Instant.ofEpochMilli(1_499)), 1_499), row))
        .isNull();
    assertThat(instants.merge(new Delete(KEY, 1_501), row))
        .isEqualTo(new Put(KEY, Row.of(null, Instant.ofEpochMilli(1_501)), 9_001));

    PartialColumns seconds = columns(new TimestampType(0));
    Put local = new Put(KEY, Row.of(5, LocalDateTime.parse("1970-01-01T00:00:01")), 9_000);
    assertThat(seconds.merge(new Delete(KEY, 2_345), local))
        .isEqualTo(new Put(KEY, Row.of(null, LocalDateTime.parse("1970-01-01T00:00:02")), 9_001));
  }

  private static PartialColumns columns(LogicalType version) {
    return new PartialColumns(List.of(0, 1), 1, version, 2);
  }
}
