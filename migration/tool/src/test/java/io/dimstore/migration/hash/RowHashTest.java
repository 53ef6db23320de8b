// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hash;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.TableSpec;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The golden values were computed by a program in another language from the documented format. */
class RowHashTest {

  private static final TableSpec SIMPLE =
      new TableSpec(
          "t",
          List.of(
              new Column("id", DataType.STRING),
              new Column("name", DataType.STRING),
              new Column("level", DataType.Simple.INT)),
          List.of("id"));

  private static final List<DataType> TYPES =
      List.of(
          DataType.Simple.BOOLEAN,
          DataType.Simple.TINYINT,
          DataType.Simple.SMALLINT,
          DataType.Simple.INT,
          DataType.Simple.BIGINT,
          DataType.Simple.FLOAT,
          DataType.Simple.DOUBLE,
          new DataType.Decimal(10, 2),
          DataType.STRING,
          DataType.BYTES,
          DataType.Simple.DATE,
          new DataType.Time(9),
          new DataType.Timestamp(9),
          new DataType.TimestampLtz(9),
          DataType.Simple.INTERVAL_YEAR_MONTH,
          DataType.Simple.INTERVAL_DAY_TIME,
          new DataType.Array(DataType.Simple.INT),
          new DataType.Multiset(DataType.STRING),
          new DataType.MapOf(DataType.STRING, DataType.Simple.INT),
          new DataType.RowOf(
              List.of(new Column("x", DataType.Simple.INT), new Column("y", DataType.STRING))));

  private static final Key KEY = Key.of(5, "p");

  /** Returns a table with a column of each type, named a, b, c and so on. */
  private static TableSpec allTypes() {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < TYPES.size(); i++) {
      columns.add(new Column(String.valueOf((char) ('a' + i)), TYPES.get(i)));
    }
    columns.add(new Column("key", DataType.Simple.INT));
    columns.add(new Column("part", DataType.STRING));
    return new TableSpec("t", columns, List.of("key", "part"));
  }

  private static Object[] allValues() {
    Map<String, Integer> multiset = new HashMap<>();
    multiset.put("b", 2);
    multiset.put(null, 1);
    Map<String, Integer> map = new LinkedHashMap<>();
    map.put("b", null);
    map.put("a", 1);
    return new Object[] {
      true,
      Byte.MIN_VALUE,
      (short) -2,
      -3,
      (1L << 53) + 1,
      1.5f,
      -0.0,
      new BigDecimal("-123.45"),
      "€\0",
      new byte[] {0, -1},
      LocalDate.of(2024, 2, 29),
      LocalTime.of(1, 2, 3, 4),
      LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_999_999),
      Instant.parse("2024-02-29T00:00:00.000000001Z"),
      Period.of(1, 2, 0),
      Duration.ofMillis(-5),
      Arrays.asList(1, null),
      multiset,
      map,
      Row.of(null, "")
    };
  }

  @Test
  void goldenHashes() {
    RowHash simple = new RowHash(SIMPLE);
    Key key = Key.of("k1");
    assertThat(simple.of(new Put(key, Row.of("x", null), 1)))
        .hasToString("221c06f9eafdd206182e554dcd24d6c3");
    assertThat(simple.of(new Delete(key, 7))).hasToString("2f9045883181ec742221a5bda5bb1c0f");
    assertThat(simple.ofKey(key)).isEqualTo(0x828d66f7900306d3L);
    RowHash all = new RowHash(allTypes());
    assertThat(all.of(new Put(KEY, Row.of(allValues()), 1_700_000_000_000L, 1_800_000_000_000L)))
        .hasToString("b779c589a3ad93822c83531a8ed80574");
    assertThat(all.ofKey(KEY)).isEqualTo(0x84d2aa7c3c175bf2L);
  }

  @Test
  void eachPartOfARowChangesItsHash() {
    RowHash hash = new RowHash(allTypes());
    List<Change> changes = new ArrayList<>();
    Put row = new Put(KEY, Row.of(allValues()), 1, 2);
    changes.add(row);
    changes.add(new Put(Key.of(5, "q"), row.row(), 1, 2));
    changes.add(new Put(KEY, row.row(), 2, 2));
    changes.add(new Put(KEY, row.row(), 1, 3));
    changes.add(new Delete(KEY, 1));
    for (int i = 0; i < TYPES.size(); i++) {
      Object[] values = allValues();
      values[i] = null;
      changes.add(new Put(KEY, Row.of(values), 1, 2));
    }
    Set<Digest> hashes = new HashSet<>();
    changes.forEach(change -> hashes.add(hash.of(change)));
    assertThat(hashes).hasSameSizeAs(changes);
  }

  @Test
  void orderOfColumnsAndOfEntriesOfAMapIsIrrelevant() {
    List<Column> turned = new ArrayList<>(allTypes().columns());
    Collections.reverse(turned);
    TableSpec other = new TableSpec("other", turned, List.of("key", "part"));
    Object[] values = allValues();
    Map<Object, Object> map = new LinkedHashMap<>();
    map.put("a", 1);
    map.put("b", null);
    values[18] = map;
    Collections.reverse(Arrays.asList(values));
    assertThat(new RowHash(other).of(new Put(KEY, Row.of(values), 1)))
        .isEqualTo(new RowHash(allTypes()).of(new Put(KEY, Row.of(allValues()), 1)));
    assertThat(RowHash.layoutOf(other)).isEqualTo(RowHash.layoutOf(allTypes()));
    assertThat(RowHash.layoutOf(SIMPLE)).isNotEqualTo(RowHash.layoutOf(allTypes()));
  }

  @Test
  void valuesThatNeedDistinctBytesHaveThem() {
    RowHash hash = new RowHash(SIMPLE);
    Set<Digest> hashes = new HashSet<>();
    List<Row> rows =
        List.of(
            Row.of(null, 1), Row.of("", 1), Row.of("null", 1), Row.of("\0", 1), Row.of("1", null));
    rows.forEach(row -> hashes.add(hash.of(new Put(Key.of("k"), row, 1))));
    assertThat(hashes).hasSameSizeAs(rows);
  }
}
