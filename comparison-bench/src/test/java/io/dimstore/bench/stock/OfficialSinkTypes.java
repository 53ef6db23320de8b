// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.stock;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.types.DataType;
import org.apache.flink.types.Row;

/**
 * The types that the official connector can write, with their edge values. It fails on NULL of
 * STRING, DECIMAL, DATE and MAP, and on NaN, infinities, ROW and MULTISET.
 */
final class OfficialSinkTypes {

  private record Type(DataType type, boolean hasNull, Object... values) {}

  private static final List<Type> ALL =
      List.of(
          new Type(DataTypes.BOOLEAN(), true, true, false),
          new Type(DataTypes.TINYINT(), true, Byte.MIN_VALUE, Byte.MAX_VALUE, (byte) 0),
          new Type(DataTypes.SMALLINT(), true, Short.MIN_VALUE, Short.MAX_VALUE),
          new Type(DataTypes.INT(), true, Integer.MIN_VALUE, Integer.MAX_VALUE),
          new Type(DataTypes.BIGINT(), true, Long.MIN_VALUE, Long.MAX_VALUE, (1L << 53) + 1),
          new Type(DataTypes.FLOAT(), true, Float.MIN_VALUE, Float.MAX_VALUE, -1.5f),
          new Type(DataTypes.DOUBLE(), true, 1e-130, 1e125, 0.1),
          new Type(DataTypes.DECIMAL(10, 2), false, decimal("1.50"), decimal("-99999999.99")),
          new Type(
              DataTypes.DECIMAL(38, 18),
              false,
              decimal("99999999999999999999.999999999999999999"),
              decimal("0.000000000000000001")),
          new Type(DataTypes.DECIMAL(38, 0), false, decimal("9".repeat(38)), decimal("0")),
          new Type(DataTypes.CHAR(3), false, "abc", "ßé "),
          new Type(DataTypes.VARCHAR(20), false, "", "null"),
          new Type(DataTypes.STRING(), false, "", "\uD83D\uDE00 \u0000 x", "x".repeat(20_000)),
          new Type(DataTypes.BYTES(), true, new byte[0], new byte[] {0, -1, 127}),
          new Type(DataTypes.DATE(), false, LocalDate.of(1, 1, 1), LocalDate.of(9999, 12, 31)),
          new Type(DataTypes.TIME(0), false, LocalTime.MIDNIGHT, LocalTime.of(23, 59, 59)),
          new Type(DataTypes.TIME(3), false, LocalTime.of(1, 0), LocalTime.parse("23:59:59.999")),
          new Type(
              DataTypes.TIMESTAMP(3),
              false,
              LocalDateTime.of(1, 1, 1, 0, 0),
              LocalDateTime.parse("9999-12-31T23:59:59.999")),
          new Type(
              DataTypes.TIMESTAMP(9),
              false,
              LocalDateTime.parse("1969-12-31T23:59:59.999999999"),
              LocalDateTime.parse("2026-01-01T00:00:00.000000001")),
          new Type(
              DataTypes.TIMESTAMP_LTZ(3),
              false,
              Instant.parse("0001-01-01T00:00:00Z"),
              Instant.ofEpochMilli(-1)),
          new Type(
              DataTypes.TIMESTAMP_LTZ(9),
              false,
              Instant.parse("9999-12-31T23:59:59.999999999Z"),
              Instant.ofEpochSecond(-1, 1)),
          new Type(
              DataTypes.INTERVAL(DataTypes.YEAR(), DataTypes.MONTH()),
              false,
              Period.of(1, 2, 0),
              Period.ofMonths(-14).normalized(),
              Period.ZERO),
          new Type(
              DataTypes.INTERVAL(DataTypes.DAY(), DataTypes.SECOND(3)),
              false,
              Duration.ofMillis(1_500),
              Duration.ofMillis(-1),
              Duration.ofMillis(Long.MAX_VALUE)),
          new Type(
              DataTypes.ARRAY(DataTypes.STRING()), false, new String[0], new String[] {"a", ""}),
          new Type(DataTypes.ARRAY(DataTypes.INT()), false, (Object) new Integer[] {1, -1}),
          new Type(
              DataTypes.ARRAY(DataTypes.DATE()), false, (Object) new LocalDate[] {LocalDate.EPOCH}),
          new Type(
              DataTypes.MAP(DataTypes.STRING(), DataTypes.INT()),
              false,
              Map.of(),
              Map.of("a", 1, "b", Integer.MIN_VALUE)),
          new Type(
              DataTypes.MAP(DataTypes.STRING(), DataTypes.STRING()),
              false,
              Map.of("a", "", "ß", "b")),
          new Type(
              DataTypes.MAP(
                  DataTypes.STRING(), DataTypes.MAP(DataTypes.STRING(), DataTypes.DECIMAL(5, 1))),
              false,
              Map.of("a", Map.of("b", decimal("1.0")))));

  private OfficialSinkTypes() {}

  /** Returns {@code id STRING} and one column per type. */
  static List<DataTypes.Field> fields() {
    List<DataTypes.Field> fields = new ArrayList<>();
    fields.add(DataTypes.FIELD("id", DataTypes.STRING().notNull()));
    for (Type type : ALL) {
      fields.add(DataTypes.FIELD("c" + fields.size(), type.type));
    }
    return fields;
  }

  /**
   * Returns rows that contain every value, and a last row with every null. A column with fewer
   * values than others repeats its first value.
   */
  static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    int count = ALL.stream().mapToInt(type -> type.values.length).max().orElseThrow();
    for (int i = 0; i <= count; i++) {
      Row row = new Row(ALL.size() + 1);
      row.setField(0, "row" + i);
      for (int column = 0; column < ALL.size(); column++) {
        Type type = ALL.get(column);
        boolean isNull = i == count && type.hasNull;
        row.setField(column + 1, isNull ? null : type.values[i < type.values.length ? i : 0]);
      }
      rows.add(row);
    }
    return rows;
  }

  /** Formats a value as text. Equal values give equal text, whatever Java class represents them. */
  static String text(Object value) {
    if (value instanceof Row row) {
      StringBuilder out = new StringBuilder();
      for (int i = 0; i < row.getArity(); i++) {
        out.append(row.getField(i) == null ? "NULL" : text(row.getField(i))).append(';');
      }
      return out.toString();
    }
    if (value instanceof byte[] bytes) {
      return "0x" + HexFormat.of().formatHex(bytes);
    }
    if (value instanceof Object[] array) {
      return Arrays.stream(array).map(OfficialSinkTypes::text).toList().toString();
    }
    if (value instanceof Map<?, ?> map) {
      TreeMap<String, String> sorted = new TreeMap<>();
      map.forEach((key, held) -> sorted.put(text(key), text(held)));
      return sorted.toString();
    }
    // Flink returns periods that are not normalized.
    return String.valueOf(value instanceof Period period ? period.normalized() : value);
  }

  private static BigDecimal decimal(String text) {
    return new BigDecimal(text);
  }
}
