// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DataType.Array;
import io.dimstore.spi.DataType.Decimal;
import io.dimstore.spi.DataType.MapOf;
import io.dimstore.spi.DataType.Multiset;
import io.dimstore.spi.DataType.RowOf;
import io.dimstore.spi.DataType.Simple;
import io.dimstore.spi.DataType.Time;
import io.dimstore.spi.DataType.Timestamp;
import io.dimstore.spi.DataType.TimestampLtz;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ChangeValidatorTest {

  private static final RowOf ROW =
      new RowOf(List.of(new Column("a", Simple.INT), new Column("b", DataType.STRING)));

  static Stream<Arguments> good() {
    return Stream.of(
        arguments(Simple.BOOLEAN, true),
        arguments(Simple.TINYINT, (byte) 1),
        arguments(Simple.SMALLINT, (short) 1),
        arguments(Simple.INT, 1),
        arguments(Simple.BIGINT, 1L),
        arguments(Simple.FLOAT, Float.NaN),
        arguments(Simple.DOUBLE, -0.0),
        arguments(Simple.DATE, LocalDate.EPOCH),
        arguments(Simple.INTERVAL_YEAR_MONTH, Period.of(1, 11, 0)),
        arguments(Simple.INTERVAL_YEAR_MONTH, Period.of(-1, -11, 0)),
        arguments(Simple.INTERVAL_YEAR_MONTH, Period.ofMonths(Integer.MIN_VALUE).normalized()),
        arguments(Simple.INTERVAL_DAY_TIME, Duration.ofMillis(Long.MIN_VALUE)),
        arguments(Simple.INTERVAL_DAY_TIME, Duration.ofMillis(Long.MAX_VALUE)),
        arguments(new Decimal(3, 1), new BigDecimal("-99.9")),
        arguments(DataType.STRING, "\ud83d\ude00"),
        arguments(DataType.BYTES, new byte[0]),
        arguments(new Time(0), LocalTime.of(1, 2, 3)),
        arguments(new Time(9), LocalTime.MAX),
        arguments(new Timestamp(3), LocalDateTime.of(1, 1, 1, 0, 0, 0, 1_000_000)),
        arguments(new TimestampLtz(6), Instant.ofEpochSecond(0, 1_000)),
        arguments(new Array(Simple.INT), Arrays.asList(1, null)),
        arguments(new Multiset(DataType.STRING), Map.of("a", 2)),
        arguments(new MapOf(DataType.STRING, Simple.INT), Map.of("a", 1)),
        arguments(ROW, Row.of(null, "b")));
  }

  static Stream<Arguments> bad() {
    return Stream.of(
        arguments(Simple.BOOLEAN, 1),
        arguments(Simple.TINYINT, 1),
        arguments(Simple.SMALLINT, 1),
        arguments(Simple.INT, 1L),
        arguments(Simple.BIGINT, 1),
        arguments(Simple.FLOAT, 1.0),
        arguments(Simple.DOUBLE, 1.0f),
        arguments(Simple.DATE, "2024-01-01"),
        arguments(Simple.INTERVAL_YEAR_MONTH, Period.of(0, 12, 0)),
        arguments(Simple.INTERVAL_YEAR_MONTH, Period.of(1, -1, 0)),
        arguments(Simple.INTERVAL_YEAR_MONTH, Period.ofDays(1)),
        arguments(Simple.INTERVAL_YEAR_MONTH, Period.ofYears(Integer.MAX_VALUE)),
        arguments(Simple.INTERVAL_YEAR_MONTH, Period.of(Integer.MAX_VALUE, 13, 0)),
        arguments(Simple.INTERVAL_DAY_TIME, Duration.ofNanos(1)),
        arguments(Simple.INTERVAL_DAY_TIME, Duration.ofSeconds(Long.MAX_VALUE)),
        arguments(Simple.INTERVAL_DAY_TIME, Duration.ofSeconds(Long.MIN_VALUE)),
        arguments(new Decimal(3, 1), new BigDecimal("1.00")),
        arguments(new Decimal(3, 1), new BigDecimal("100.0")),
        arguments(new Decimal(3, 1), 1.0),
        arguments(DataType.STRING, 'x'),
        arguments(DataType.STRING, "half \ud83d"),
        arguments(DataType.STRING, "\ude00 half"),
        arguments(DataType.STRING, "\ud83d\ud83d\ude00"),
        arguments(DataType.BYTES, "text"),
        arguments(new Time(0), LocalTime.of(1, 2, 3, 1)),
        arguments(new Timestamp(3), LocalDateTime.of(1, 1, 1, 0, 0, 0, 1)),
        arguments(new Timestamp(3), Instant.EPOCH),
        arguments(new TimestampLtz(6), Instant.ofEpochSecond(0, 1)),
        arguments(new Array(Simple.INT), Arrays.asList(1, 2L)),
        arguments(new Array(Simple.INT), new int[] {1}),
        arguments(new Multiset(DataType.STRING), Map.of("a", 2L)),
        arguments(new Multiset(DataType.STRING), Map.of(1, 2)),
        arguments(new MapOf(DataType.STRING, Simple.INT), Map.of("a", "b")),
        arguments(new MapOf(DataType.STRING, Simple.INT), List.of()),
        arguments(ROW, Row.of(1)),
        arguments(ROW, Row.of("1", "b")),
        arguments(new Array(ROW), List.of(Row.of(1, 2))));
  }

  @ParameterizedTest
  @MethodSource("good")
  void valueOfTheClassOfItsTypeIsAccepted(DataType type, Object value) {
    assertThatCode(() -> validator(type).check(put("k", value))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @MethodSource("good")
  void nullIsAccepted(DataType type, Object value) {
    assertThatCode(() -> validator(type).check(put("k", (Object) null))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @MethodSource("bad")
  void valueThatItsTypeCannotHoldIsInvalidWithItsKeyAndColumn(DataType type, Object value) {
    assertThatThrownBy(() -> validator(type).check(put("k", value)))
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(StoreException.Kind.INVALID);
              assertThat(e.keys()).containsExactly(Key.of("k"));
            })
        .hasMessageContainingAll("Table t", "column v");
  }

  @Test
  void rowsKeysAndVersionsAreChecked() {
    ChangeValidator validator = validator(Simple.INT);
    assertInvalid(validator, new Put(Key.of("k"), Row.of(1, 2), 1), "2 values for 1 column");
    assertInvalid(validator, new Put(Key.of(1L), Row.of(1), 1), "key column k");
    assertInvalid(validator, new Delete(Key.of("a", "b"), 1), "2 values for 1 column");
    assertInvalid(validator, new Delete(Key.of("k"), -1), "version -1");
    assertInvalid(validator, new Delete(Key.of("k"), Long.MAX_VALUE), "version");
    assertThat(validator.problemOf(Key.of("k"))).isNull();
    assertThat(validator.problemOf(Key.of("half \ud83d"))).contains("surrogate");
  }

  @Test
  void eachKeyToBlameInABatchIsNamedOnce() {
    ChangeValidator validator = validator(Simple.INT);
    StoreException failure =
        catchThrowableOfType(
            StoreException.class,
            () ->
                validator.checkAll(
                    List.of(
                        put("good", 1),
                        put("first", "no number"),
                        new Delete(Key.of("second"), -1),
                        put("first", "nor this"),
                        put("fine", 2))));
    assertThat(failure.kind()).isEqualTo(StoreException.Kind.INVALID);
    assertThat(failure.keys()).containsExactly(Key.of("first"), Key.of("second"));
    assertThat(failure).hasMessageContaining("[first]");
    assertThatCode(() -> validator.checkAll(List.of(put("good", 1)))).doesNotThrowAnyException();
    assertThatCode(() -> validator.checkAll(List.of())).doesNotThrowAnyException();
  }

  private static void assertInvalid(ChangeValidator validator, Change change, String part) {
    assertThatThrownBy(() -> validator.check(change))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(part);
  }

  private static Put put(String key, Object value) {
    return new Put(Key.of(key), Row.of(new Object[] {value}), 1);
  }

  private static ChangeValidator validator(DataType type) {
    return new ChangeValidator(
        new TableSpec(
            "t", List.of(new Column("k", DataType.STRING), new Column("v", type)), List.of("k")));
  }
}
