// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.stock;

import io.dimstore.bench.stock.TwoConnectors.Field;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.types.DataType;
import org.apache.flink.types.Row;

/** Every type that the stock connector supports, with edge values. */
final class StockTypes {

  private static final Map<DataType, List<Object>> VALUES = new LinkedHashMap<>();

  static {
    VALUES.put(DataTypes.BOOLEAN(), List.of(true, false));
    VALUES.put(DataTypes.TINYINT(), List.of(Byte.MIN_VALUE, (byte) 0, (byte) -1, Byte.MAX_VALUE));
    VALUES.put(DataTypes.SMALLINT(), List.of(Short.MIN_VALUE, (short) 0, Short.MAX_VALUE));
    VALUES.put(DataTypes.INT(), List.of(Integer.MIN_VALUE, 0, -1, Integer.MAX_VALUE));
    VALUES.put(
        DataTypes.BIGINT(), List.of(Long.MIN_VALUE, 0L, -1L, (1L << 53) + 1, Long.MAX_VALUE));
    VALUES.put(
        DataTypes.FLOAT(),
        List.of(
            -Float.MAX_VALUE, Float.MIN_VALUE, -0.0f, Float.NaN, Float.NEGATIVE_INFINITY, 0.1f));
    VALUES.put(
        DataTypes.DOUBLE(),
        List.of(
            -Double.MAX_VALUE, Double.MIN_VALUE, -0.0, Double.NaN, Double.POSITIVE_INFINITY, 0.1));
    VALUES.put(
        DataTypes.DECIMAL(10, 2),
        List.of(new BigDecimal("-99999999.99"), new BigDecimal("0.00"), new BigDecimal("1.50")));
    VALUES.put(
        DataTypes.DECIMAL(38, 18),
        List.of(
            new BigDecimal(BigInteger.TEN.pow(38).subtract(BigInteger.ONE), 18),
            new BigDecimal(BigInteger.TEN.pow(38).subtract(BigInteger.ONE).negate(), 18)));
    VALUES.put(
        DataTypes.DECIMAL(38, 0),
        List.of(new BigDecimal(BigInteger.TEN.pow(37).negate()), BigDecimal.ZERO));
    VALUES.put(DataTypes.CHAR(3), List.of("abc", "\u00df\u20ac\u0000"));
    VALUES.put(DataTypes.VARCHAR(20), List.of("", "nul", "NULL", "\uD83D\uDE00 x"));
    VALUES.put(DataTypes.STRING(), List.of("", "a\u0000b", "x".repeat(300), " null"));
    VALUES.put(DataTypes.BINARY(2), List.of(new byte[] {0, -1}));
    VALUES.put(DataTypes.VARBINARY(10), List.of(new byte[] {0}, new byte[] {1, 2, 3}));
    VALUES.put(DataTypes.BYTES(), List.of(new byte[300], new byte[] {110, 117, 108, 108}));
    VALUES.put(
        DataTypes.DATE(),
        List.of(
            LocalDate.of(1, 1, 1),
            LocalDate.of(1969, 12, 31),
            LocalDate.EPOCH,
            LocalDate.of(9999, 12, 31)));
    VALUES.put(DataTypes.TIME(0), List.of(LocalTime.MIDNIGHT, LocalTime.of(23, 59, 59)));
    VALUES.put(
        DataTypes.TIME(3), List.of(LocalTime.of(1, 0), LocalTime.of(23, 59, 59, 999_000_000)));
    VALUES.put(DataTypes.TIMESTAMP(0), List.of(LocalDateTime.of(1969, 12, 31, 23, 59, 59)));
    VALUES.put(
        DataTypes.TIMESTAMP(3),
        List.of(
            LocalDateTime.of(1, 1, 1, 0, 0),
            LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_000_000),
            LocalDateTime.of(9999, 12, 31, 23, 59, 59, 999_000_000)));
    VALUES.put(
        DataTypes.TIMESTAMP_LTZ(0), List.of(Instant.parse("9999-12-31T23:59:59Z"), Instant.EPOCH));
    VALUES.put(
        DataTypes.TIMESTAMP_LTZ(3),
        List.of(
            Instant.parse("0001-01-01T00:00:00Z"),
            Instant.ofEpochMilli(-1),
            Instant.parse("9999-12-31T23:59:59.999Z")));
    VALUES.put(
        DataTypes.INTERVAL(DataTypes.YEAR(), DataTypes.MONTH()),
        List.of(Period.ZERO, Period.ofMonths(-14).normalized(), Period.of(9999, 11, 0)));
    VALUES.put(
        DataTypes.INTERVAL(DataTypes.DAY(), DataTypes.SECOND(3)),
        List.of(Duration.ZERO, Duration.ofMillis(-1), Duration.ofDays(99)));
  }

  private StockTypes() {}

  /** Returns the types. Each has values that the stock connector can distinguish from null. */
  static Map<DataType, List<Object>> all() {
    return VALUES;
  }

  /**
   * Returns one column per type, in three families. The qualifiers differ from the column names.
   */
  static List<Field> fields() {
    List<Field> fields = new ArrayList<>();
    for (DataType type : VALUES.keySet()) {
      int i = fields.size();
      fields.add(new Field("c" + i, List.of("f", "g", "p").get(i % 3), "q:" + i, type));
    }
    return fields;
  }

  /**
   * Returns rows in which every value occurs, one row of nulls only, and one with nulls between
   * values.
   */
  static Map<String, Row> rows() {
    int most = VALUES.values().stream().mapToInt(List::size).max().orElseThrow();
    Map<String, Row> rows = new LinkedHashMap<>();
    for (int i = 0; i < most; i++) {
      int number = i;
      rows.put(
          "row" + i, Row.of(VALUES.values().stream().map(v -> v.get(number % v.size())).toArray()));
    }
    rows.put("nulls", Row.withPositions(VALUES.size()));
    Row gaps = Row.copy(rows.get("row0"));
    for (int i = 0; i < gaps.getArity(); i += 2) {
      gaps.setField(i, null);
    }
    rows.put("gaps", gaps);
    return rows;
  }
}
