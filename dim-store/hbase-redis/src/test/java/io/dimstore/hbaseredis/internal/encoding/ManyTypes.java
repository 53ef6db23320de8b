// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import static java.util.Collections.singletonMap;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DataType.Simple;
import io.dimstore.spi.Row;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Columns of every type, and rows with their boundary values. */
public final class ManyTypes {

  private static final DataType POINT =
      new DataType.RowOf(
          List.of(new Column("x", Simple.BIGINT), new Column("a b", DataType.STRING)));

  private static final Map<DataType, List<Object>> VALUES = new LinkedHashMap<>();

  static {
    VALUES.put(Simple.BOOLEAN, List.of(true, false));
    VALUES.put(Simple.TINYINT, List.of(Byte.MIN_VALUE, Byte.MAX_VALUE));
    VALUES.put(Simple.SMALLINT, List.of(Short.MIN_VALUE, (short) 7));
    VALUES.put(Simple.INT, List.of(Integer.MIN_VALUE, 0, Integer.MAX_VALUE));
    VALUES.put(Simple.BIGINT, List.of(Long.MIN_VALUE, (1L << 53) + 1, Long.MAX_VALUE));
    VALUES.put(Simple.FLOAT, List.of(Float.NaN, -0.0f, Float.MIN_VALUE, -Float.MAX_VALUE, 0.1f));
    VALUES.put(
        Simple.DOUBLE,
        List.of(Double.NEGATIVE_INFINITY, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, Double.NaN));
    VALUES.put(
        new DataType.Decimal(38, 18),
        List.of(
            new BigDecimal(BigInteger.TEN.pow(38).subtract(BigInteger.ONE), 18),
            new BigDecimal("0E-18"),
            new BigDecimal("-1.500000000000000000")));
    VALUES.put(
        DataType.STRING,
        List.of("", "null", "zo\u00eb \ud83d\ude00", "a\u0000\"\\\n\u2028", "{\"__dim_v\":1}"));
    VALUES.put(DataType.BYTES, List.of(new byte[0], new byte[] {0, -1, 13}));
    VALUES.put(
        Simple.DATE,
        List.of(LocalDate.of(1, 1, 1), LocalDate.of(-4, 2, 29), LocalDate.of(12_345, 6, 7)));
    VALUES.put(
        new DataType.Time(9), List.of(LocalTime.MIDNIGHT, LocalTime.MAX, LocalTime.of(1, 0)));
    VALUES.put(
        new DataType.Timestamp(9),
        List.of(
            LocalDateTime.of(1, 1, 1, 0, 0),
            LocalDateTime.of(9999, 12, 31, 23, 59, 59, 999_999_999)));
    VALUES.put(
        new DataType.TimestampLtz(9),
        List.of(
            Instant.EPOCH, Instant.ofEpochSecond(-1, 1), Instant.parse("9999-12-31T23:59:59Z")));
    VALUES.put(Simple.INTERVAL_YEAR_MONTH, List.of(Period.ZERO, Period.of(-1, -2, 0)));
    VALUES.put(
        Simple.INTERVAL_DAY_TIME,
        List.of(Duration.ZERO, Duration.ofMillis(Long.MIN_VALUE), Duration.ofMillis(1)));
    VALUES.put(
        new DataType.Array(DataType.STRING), List.of(List.of(), Arrays.asList("", null, "x")));
    VALUES.put(
        new DataType.MapOf(DataType.STRING, Simple.DOUBLE),
        List.of(
            Map.of(), Map.of("", Double.NaN), singletonMap(null, 1.0), singletonMap("a", null)));
    VALUES.put(
        new DataType.MapOf(Simple.DATE, new DataType.Array(DataType.BYTES)),
        List.of(Map.of(LocalDate.EPOCH, List.of(new byte[] {1}, new byte[0]))));
    VALUES.put(new DataType.Multiset(DataType.STRING), List.of(Map.of("a", 2), Map.of()));
    VALUES.put(POINT, List.of(Row.of(1L, "x"), Row.of(null, null)));
    VALUES.put(new DataType.Array(POINT), List.of(Arrays.asList(Row.of(2L, null), null)));
  }

  private ManyTypes() {}

  /** Returns a text key and a column of each type. */
  public static List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column("id", DataType.STRING));
    for (DataType type : VALUES.keySet()) {
      columns.add(new Column("c" + columns.size(), type));
    }
    return columns;
  }

  /** Returns rows with every value once, and a row of nulls. */
  public static List<Row> rows() {
    int most = VALUES.values().stream().mapToInt(List::size).max().orElseThrow();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      int number = i;
      rows.add(Row.of(VALUES.values().stream().map(v -> v.get(number % v.size())).toArray()));
    }
    rows.add(Row.of(new Object[VALUES.size()]));
    return rows;
  }
}
