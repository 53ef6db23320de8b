// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DataType.Decimal;
import io.dimstore.spi.DataType.Simple;
import io.dimstore.spi.DataType.Time;
import io.dimstore.spi.DataType.Timestamp;
import io.dimstore.spi.DataType.TimestampLtz;
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

/** Distinct sample values of each atomic type; the extremes come first. */
final class Samples {

  private static final Map<DataType, List<Object>> ATOMIC = new LinkedHashMap<>();

  static {
    ATOMIC.put(Simple.BOOLEAN, List.of(true, false));
    ATOMIC.put(
        Simple.TINYINT,
        List.of(Byte.MIN_VALUE, Byte.MAX_VALUE, (byte) 0, (byte) -1, (byte) 1, (byte) 48));
    ATOMIC.put(
        Simple.SMALLINT,
        List.of(Short.MIN_VALUE, Short.MAX_VALUE, (short) 0, (short) -1, (short) 255));
    ATOMIC.put(
        Simple.INT, List.of(Integer.MIN_VALUE, Integer.MAX_VALUE, 0, -1, 1, 65_536, -65_537));
    ATOMIC.put(
        Simple.BIGINT,
        List.of(Long.MIN_VALUE, Long.MAX_VALUE, 0L, -1L, (1L << 53) + 1, -(1L << 53) - 1));
    ATOMIC.put(
        Simple.FLOAT,
        List.of(
            -Float.MAX_VALUE,
            Float.MAX_VALUE,
            Float.MIN_VALUE,
            Float.MIN_NORMAL,
            0.0f,
            -0.0f,
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            0.1f,
            16_777_216f));
    ATOMIC.put(
        Simple.DOUBLE,
        List.of(
            -Double.MAX_VALUE,
            Double.MAX_VALUE,
            Double.MIN_VALUE,
            Double.MIN_NORMAL,
            0.0,
            -0.0,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            0.1,
            1e-200,
            1.7976931348623155E308));
    ATOMIC.put(
        Simple.DATE,
        List.of(
            LocalDate.of(1, 1, 1),
            LocalDate.of(9999, 12, 31),
            LocalDate.EPOCH,
            LocalDate.of(1969, 12, 31),
            LocalDate.of(2024, 2, 29)));
    ATOMIC.put(
        Simple.INTERVAL_YEAR_MONTH,
        List.of(
            Period.ofMonths(Integer.MIN_VALUE).normalized(),
            Period.ofMonths(Integer.MAX_VALUE).normalized(),
            Period.ZERO,
            Period.ofMonths(-1),
            Period.of(1, 11, 0)));
    ATOMIC.put(
        Simple.INTERVAL_DAY_TIME,
        List.of(
            Duration.ofMillis(Long.MIN_VALUE),
            Duration.ofMillis(Long.MAX_VALUE),
            Duration.ZERO,
            Duration.ofMillis(-1),
            Duration.ofDays(3).plusMillis(7)));
    ATOMIC.put(
        new Decimal(38, 0),
        List.of(
            new BigDecimal("9".repeat(38)), new BigDecimal("-" + "9".repeat(38)), BigDecimal.ZERO));
    ATOMIC.put(
        new Decimal(38, 38),
        List.of(
            new BigDecimal(new BigInteger("9".repeat(38)), 38),
            new BigDecimal(BigInteger.ONE.negate(), 38),
            new BigDecimal(BigInteger.ZERO, 38)));
    ATOMIC.put(
        new Decimal(10, 2),
        List.of(
            new BigDecimal("99999999.99"),
            new BigDecimal("-99999999.99"),
            new BigDecimal("0.00"),
            new BigDecimal("1.50"),
            new BigDecimal("100.00")));
    ATOMIC.put(new Decimal(1, 0), List.of(new BigDecimal("9"), new BigDecimal("-9")));
    ATOMIC.put(DataType.STRING, texts());
    ATOMIC.put(DataType.BYTES, binaries());
    ATOMIC.put(new Time(0), List.of(LocalTime.MIN, LocalTime.of(23, 59, 59), LocalTime.of(1, 0)));
    ATOMIC.put(
        new Time(3),
        List.of(LocalTime.MIN, LocalTime.of(23, 59, 59, 999_000_000), LocalTime.of(12, 30)));
    ATOMIC.put(new Time(9), List.of(LocalTime.MIN, LocalTime.MAX, LocalTime.of(0, 0, 0, 1)));
    for (int precision : new int[] {0, 3, 6, 9}) {
      List<Object> local = new ArrayList<>();
      List<Object> instants = new ArrayList<>();
      for (LocalDateTime time : times(precision)) {
        local.add(time);
        instants.add(time.toInstant(java.time.ZoneOffset.UTC));
      }
      instants.add(Instant.EPOCH);
      local.add(LocalDate.EPOCH.atStartOfDay());
      ATOMIC.put(new Timestamp(precision), List.copyOf(local));
      ATOMIC.put(new TimestampLtz(precision), List.copyOf(instants));
    }
  }

  private Samples() {}

  /** Returns the sample values of every atomic type. */
  static Map<DataType, List<Object>> atomic() {
    return ATOMIC;
  }

  /** Returns a column of each type; names are the prefix and the position. */
  static List<Column> columns(String prefix, Iterable<DataType> types) {
    List<Column> columns = new ArrayList<>();
    for (DataType type : types) {
      columns.add(new Column(prefix + columns.size(), type));
    }
    return columns;
  }

  private static List<LocalDateTime> times(int precision) {
    int nanos = 999_999_999;
    int unit = 1;
    for (int i = precision; i < 9; i++) {
      unit *= 10;
    }
    nanos -= nanos % unit;
    List<LocalDateTime> times = new ArrayList<>();
    times.add(LocalDateTime.of(1, 1, 1, 0, 0));
    times.add(LocalDateTime.of(9999, 12, 31, 23, 59, 59, nanos));
    times.add(LocalDateTime.of(1969, 12, 31, 23, 59, 59, nanos));
    times.add(LocalDateTime.of(2024, 2, 29, 1, 0));
    if (precision > 0) {
      times.add(LocalDateTime.of(2024, 6, 30, 12, 0, 0, unit));
    }
    return times;
  }

  private static List<Object> texts() {
    return List.of(
        "",
        " ",
        "null",
        "NULL",
        "\\N",
        "0",
        "text",
        " padded ",
        "line\nbreak\ttab\r",
        "quotes ' \" ` and \\ back",
        "\u0000",
        "a\u0000b",
        "\u0001",
        "\u007f",
        "h\u00e9llo",
        "\u65e5\u672c\u8a9e",
        "\uffff",
        "\ud83d\ude00",
        "\udbff\udfff",
        "e\u0301",
        "\u00e9",
        "x".repeat(1_500));
  }

  private static List<Object> binaries() {
    byte[] every = new byte[256];
    for (int i = 0; i < every.length; i++) {
      every[i] = (byte) i;
    }
    return List.of(
        new byte[0],
        new byte[] {0},
        new byte[] {0, 0},
        new byte[] {-1},
        new byte[] {-1, -1},
        new byte[] {0, 1},
        new byte[] {0, -1},
        "null".getBytes(java.nio.charset.StandardCharsets.UTF_8),
        every);
  }
}
