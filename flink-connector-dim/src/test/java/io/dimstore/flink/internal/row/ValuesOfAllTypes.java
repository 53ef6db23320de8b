// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.row;

import static java.util.Collections.singletonMap;

import io.dimstore.spi.Row;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.types.DataType;

/** Edge values of every SQL type, in the classes that stores use. */
public final class ValuesOfAllTypes {

  private ValuesOfAllTypes() {}

  public static Map<DataType, List<Object>> all() {
    Map<DataType, List<Object>> all = new LinkedHashMap<>();
    all.put(DataTypes.BOOLEAN(), List.of(true, false));
    all.put(DataTypes.TINYINT(), List.of(Byte.MIN_VALUE, (byte) 0, Byte.MAX_VALUE));
    all.put(DataTypes.SMALLINT(), List.of(Short.MIN_VALUE, Short.MAX_VALUE));
    all.put(DataTypes.INT(), List.of(Integer.MIN_VALUE, Integer.MAX_VALUE));
    all.put(DataTypes.BIGINT(), List.of(Long.MIN_VALUE, (1L << 53) + 1, Long.MAX_VALUE));
    all.put(
        DataTypes.FLOAT(),
        List.of(-0.0f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NaN, Float.NEGATIVE_INFINITY));
    all.put(
        DataTypes.DOUBLE(),
        List.of(-0.0, Double.MIN_VALUE, Double.MAX_VALUE, Double.NaN, Double.POSITIVE_INFINITY));
    all.put(
        DataTypes.DECIMAL(10, 2),
        List.of(new BigDecimal("0.00"), new BigDecimal("-99999999.99"), new BigDecimal("1.50")));
    all.put(
        DataTypes.DECIMAL(38, 18),
        List.of(new BigDecimal(BigInteger.TEN.pow(38).subtract(BigInteger.ONE), 18)));
    all.put(DataTypes.DECIMAL(38, 0), List.of(new BigDecimal(BigInteger.TEN.pow(37).negate())));
    all.put(DataTypes.CHAR(3), List.of("abc"));
    all.put(DataTypes.VARCHAR(20), List.of("", "null", "ß", "\uD83D\uDE00 x"));
    all.put(DataTypes.STRING(), List.of("", "null", "a\u0000b", "x".repeat(5000)));
    all.put(DataTypes.BINARY(2), List.of(new byte[] {0, -1}));
    all.put(DataTypes.VARBINARY(10), List.of(new byte[] {}, new byte[] {1, 2, 3}));
    all.put(DataTypes.BYTES(), List.of(new byte[] {}, new byte[5000]));
    all.put(
        DataTypes.DATE(),
        List.of(LocalDate.of(1, 1, 1), LocalDate.EPOCH, LocalDate.of(9999, 12, 31)));
    all.put(DataTypes.TIME(0), List.of(LocalTime.MIDNIGHT, LocalTime.of(23, 59, 59)));
    all.put(DataTypes.TIME(3), List.of(LocalTime.of(1, 0), LocalTime.of(23, 59, 59, 999_000_000)));
    all.put(
        DataTypes.TIMESTAMP(3),
        List.of(
            LocalDateTime.of(1, 1, 1, 0, 0),
            LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_000_000),
            LocalDateTime.of(9999, 12, 31, 23, 59, 59, 999_000_000)));
    all.put(
        DataTypes.TIMESTAMP(9),
        List.of(
            LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_999_999),
            LocalDateTime.of(2026, 1, 1, 0, 0, 0, 1)));
    all.put(
        DataTypes.TIMESTAMP_LTZ(3),
        List.of(Instant.parse("0001-01-01T00:00:00Z"), Instant.ofEpochMilli(-1)));
    all.put(
        DataTypes.TIMESTAMP_LTZ(9),
        List.of(Instant.parse("9999-12-31T23:59:59.999999999Z"), Instant.ofEpochSecond(-1, 1)));
    all.put(
        DataTypes.INTERVAL(DataTypes.YEAR(), DataTypes.MONTH()),
        List.of(Period.ZERO, Period.ofMonths(Integer.MIN_VALUE).normalized(), Period.of(1, 2, 0)));
    all.put(
        DataTypes.INTERVAL(DataTypes.DAY(), DataTypes.SECOND(3)),
        List.of(Duration.ZERO, Duration.ofMillis(Long.MAX_VALUE), Duration.ofMillis(-1)));
    all.put(DataTypes.ARRAY(DataTypes.STRING()), List.of(List.of(), Arrays.asList("a", null, "")));
    all.put(DataTypes.ARRAY(DataTypes.INT().notNull()), List.of(List.of(1, Integer.MIN_VALUE)));
    all.put(
        DataTypes.ARRAY(DataTypes.ARRAY(DataTypes.DECIMAL(5, 1))),
        List.of(Arrays.asList(null, List.of(new BigDecimal("1.0")))));
    all.put(
        DataTypes.MAP(DataTypes.STRING(), DataTypes.BYTES()),
        List.of(Map.of(), singletonMap("a", null), Map.of("a", new byte[] {1}, "b", new byte[0])));
    all.put(
        DataTypes.MAP(DataTypes.DATE(), DataTypes.MAP(DataTypes.INT(), DataTypes.DOUBLE())),
        List.of(Map.of(LocalDate.EPOCH, Map.of(1, Double.NaN))));
    all.put(DataTypes.MULTISET(DataTypes.STRING()), List.of(Map.of(), Map.of("a", 2, "", 1)));
    all.put(
        DataTypes.ROW(
            DataTypes.FIELD("n", DataTypes.BIGINT()),
            DataTypes.FIELD("s", DataTypes.STRING().notNull()),
            DataTypes.FIELD("t", DataTypes.TIMESTAMP_LTZ(9)),
            DataTypes.FIELD("r", DataTypes.ROW(DataTypes.FIELD("d", DataTypes.DECIMAL(38, 18))))),
        List.of(
            Row.of(null, "", null, null),
            Row.of(1L, "x", Instant.EPOCH, Row.of(new BigDecimal("1.000000000000000001")))));
    all.put(
        DataTypes.ARRAY(DataTypes.ROW(DataTypes.FIELD("tags", DataTypes.ARRAY(DataTypes.CHAR(1))))),
        List.of(Arrays.asList(Row.of(List.of("a")), null, Row.of((Object) null))));
    return all;
  }
}
