// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DataType.Simple;
import io.dimstore.spi.Key;
import io.dimstore.spi.KeyCodec;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KeyBoundsTest {

  private static final List<Column> PAIR =
      List.of(new Column("a", DataType.STRING), new Column("b", Simple.TINYINT));

  static Stream<Arguments> steps() {
    return Stream.of(
        arguments(Simple.BOOLEAN, false, true),
        arguments(Simple.TINYINT, (byte) -1, (byte) 0),
        arguments(Simple.SMALLINT, (short) 300, (short) 301),
        arguments(Simple.INT, -1, 0),
        arguments(Simple.BIGINT, Long.MAX_VALUE - 1, Long.MAX_VALUE),
        arguments(Simple.FLOAT, 0f, Float.MIN_VALUE),
        arguments(Simple.FLOAT, -Float.MIN_VALUE, -0f),
        arguments(Simple.FLOAT, -0f, 0f),
        arguments(Simple.FLOAT, Float.POSITIVE_INFINITY, Float.NaN),
        arguments(Simple.DOUBLE, -Double.MIN_VALUE, -0d),
        arguments(Simple.DOUBLE, -0d, 0d),
        arguments(Simple.DOUBLE, Double.POSITIVE_INFINITY, Double.NaN),
        arguments(Simple.DATE, LocalDate.of(2020, 2, 29), LocalDate.of(2020, 3, 1)),
        arguments(Simple.INTERVAL_YEAR_MONTH, Period.of(1, 11, 0), Period.of(2, 0, 0)),
        arguments(Simple.INTERVAL_DAY_TIME, Duration.ofMillis(-1), Duration.ZERO),
        arguments(new DataType.Decimal(3, 1), new BigDecimal("-0.1"), new BigDecimal("0.0")),
        arguments(DataType.STRING, "", "\0"),
        arguments(DataType.STRING, "é", "é\0"),
        arguments(DataType.BYTES, new byte[] {-1}, new byte[] {-1, 0}),
        arguments(new DataType.Time(3), LocalTime.NOON, LocalTime.of(12, 0, 0, 1)),
        arguments(
            new DataType.Timestamp(0),
            LocalDateTime.of(2019, 12, 31, 23, 59, 59, 999_999_999),
            LocalDateTime.of(2020, 1, 1, 0, 0)),
        arguments(new DataType.TimestampLtz(9), Instant.EPOCH, Instant.ofEpochSecond(0, 1)));
  }

  @ParameterizedTest
  @MethodSource("steps")
  void nextValueFollowsInTheOrderOfKeys(DataType type, Object value, Object next) {
    List<Column> column = List.of(new Column("k", type));
    Object found = KeyBounds.next(type, value);
    assertThat(Key.of(found)).isEqualTo(Key.of(next));
    KeyCodec codec = new KeyCodec(column);
    assertThat(codec.compare(Key.of(value), Key.of(found))).isNegative();
    Key least = Key.of(KeyBounds.least(type));
    assertThat(codec.compare(least, Key.of(value))).isNotPositive();
    assertThat(codec.decode(codec.encode(least))).isEqualTo(least);
  }

  static Stream<Arguments> greatest() {
    return Stream.of(
        arguments(Simple.BOOLEAN, true),
        arguments(Simple.TINYINT, Byte.MAX_VALUE),
        arguments(Simple.SMALLINT, Short.MAX_VALUE),
        arguments(Simple.INT, Integer.MAX_VALUE),
        arguments(Simple.BIGINT, Long.MAX_VALUE),
        arguments(Simple.FLOAT, Float.NaN),
        arguments(Simple.DOUBLE, Double.NaN),
        arguments(Simple.DATE, LocalDate.MAX),
        arguments(Simple.INTERVAL_YEAR_MONTH, Period.ofMonths(Integer.MAX_VALUE).normalized()),
        arguments(Simple.INTERVAL_DAY_TIME, Duration.ofMillis(Long.MAX_VALUE)),
        arguments(new DataType.Decimal(3, 1), new BigDecimal("99.9")),
        arguments(new DataType.Time(0), LocalTime.MAX),
        arguments(new DataType.Timestamp(3), LocalDateTime.MAX),
        arguments(new DataType.TimestampLtz(3), Instant.MAX));
  }

  @ParameterizedTest
  @MethodSource("greatest")
  void nothingFollowsTheGreatestValue(DataType type, Object greatest) {
    assertThat(KeyBounds.next(type, greatest)).isNull();
  }

  @Test
  void keysWithTheSameFirstValuesAreARange() {
    assertThat(KeyBounds.from(PAIR, List.of())).isEqualTo(Key.of("", Byte.MIN_VALUE));
    assertThat(KeyBounds.to(PAIR, List.of())).isNull();
    assertThat(KeyBounds.from(PAIR, List.of("x"))).isEqualTo(Key.of("x", Byte.MIN_VALUE));
    assertThat(KeyBounds.to(PAIR, List.of("x"))).isEqualTo(Key.of("x\0", Byte.MIN_VALUE));
    assertThat(KeyBounds.to(PAIR, List.of("x", (byte) 1))).isEqualTo(Key.of("x", (byte) 2));
    assertThat(KeyBounds.to(PAIR, List.of("x", Byte.MAX_VALUE)))
        .as("the last value is followed by the next first column")
        .isEqualTo(Key.of("x\0", Byte.MIN_VALUE));
    List<Column> numbers =
        List.of(new Column("a", Simple.TINYINT), new Column("b", Simple.TINYINT));
    assertThat(KeyBounds.to(numbers, List.of(Byte.MAX_VALUE, Byte.MAX_VALUE))).isNull();
  }

  @Test
  void rangeWithinOneFirstValueIsRecognised() {
    Key low = Key.of("x", (byte) 1);
    assertThat(KeyBounds.haveSameFirst(PAIR, low, Key.of("x", (byte) 5))).isTrue();
    assertThat(KeyBounds.haveSameFirst(PAIR, low, KeyBounds.to(PAIR, List.of("x")))).isTrue();
    assertThat(KeyBounds.haveSameFirst(PAIR, low, Key.of("x\0", (byte) -127))).isFalse();
    assertThat(KeyBounds.haveSameFirst(PAIR, low, Key.of("y", Byte.MIN_VALUE))).isFalse();
    assertThat(KeyBounds.haveSameFirst(PAIR, low, null)).isFalse();
    assertThat(KeyBounds.haveSameFirst(PAIR, null, low)).isFalse();
    List<Column> flags = List.of(new Column("a", Simple.BOOLEAN), new Column("b", Simple.INT));
    assertThat(KeyBounds.haveSameFirst(flags, Key.of(true, 1), null)).isTrue();
  }
}
