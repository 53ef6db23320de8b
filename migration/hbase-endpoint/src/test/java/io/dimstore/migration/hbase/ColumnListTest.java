// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import java.util.List;
import org.junit.jupiter.api.Test;

class ColumnListTest {

  @Test
  void columnsOfEveryTypeAreParsed() {
    assertThat(
            ColumnList.parse(
                "id STRING, n bigint, `a b` DECIMAL(10, 2), t TIMESTAMP_LTZ(3), v VARCHAR(20),"
                    + " l ARRAY<INT>, m MAP<STRING, DOUBLE>, r ROW<x INT, y MULTISET<BYTES>>"))
        .containsExactly(
            new Column("id", DataType.STRING),
            new Column("n", DataType.Simple.BIGINT),
            new Column("a b", new DataType.Decimal(10, 2)),
            new Column("t", new DataType.TimestampLtz(3)),
            new Column("v", DataType.STRING),
            new Column("l", new DataType.Array(DataType.Simple.INT)),
            new Column("m", new DataType.MapOf(DataType.STRING, DataType.Simple.DOUBLE)),
            new Column(
                "r",
                new DataType.RowOf(
                    List.of(
                        new Column("x", DataType.Simple.INT),
                        new Column("y", new DataType.Multiset(DataType.BYTES))))));
  }

  @Test
  void theTextOfEachTypeIsParsedAsThatType() {
    List<DataType> types =
        List.of(
            DataType.Simple.BOOLEAN,
            DataType.Simple.TINYINT,
            DataType.Simple.SMALLINT,
            DataType.Simple.FLOAT,
            DataType.Simple.DATE,
            DataType.Simple.INTERVAL_YEAR_MONTH,
            DataType.Simple.INTERVAL_DAY_TIME,
            DataType.BYTES,
            new DataType.Time(9),
            new DataType.Timestamp(0));
    for (DataType type : types) {
      assertThat(ColumnList.parse("c " + type)).containsExactly(new Column("c", type));
    }
  }

  @Test
  void aTextThatIsNoColumnListIsRefusedWithThePosition() {
    assertThatThrownBy(() -> ColumnList.parse("id STRINGS"))
        .hasMessageContaining("'STRINGS'")
        .hasMessageContaining("position 10");
    assertThatThrownBy(() -> ColumnList.parse("id STRING level INT")).hasMessageContaining("','");
    assertThatThrownBy(() -> ColumnList.parse("id ARRAY<INT")).hasMessageContaining("'>'");
  }
}
