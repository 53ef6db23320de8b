// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.dimstore.dynamodb.faults.Json;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DataType.Simple;
import io.dimstore.spi.Row;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Tests the formats that docs/storage-format.md documents. */
class ValueCodecTest {

  static Stream<Arguments> forms() {
    DataType row =
        new DataType.RowOf(List.of(new Column("x", Simple.INT), new Column("y", DataType.STRING)));
    return Stream.of(
        arguments(Simple.BOOLEAN, true, "{'BOOL':true}"),
        arguments(Simple.TINYINT, (byte) -128, "{'N':'-128'}"),
        arguments(Simple.SMALLINT, (short) 7, "{'N':'7'}"),
        arguments(Simple.INT, Integer.MIN_VALUE, "{'N':'-2147483648'}"),
        arguments(Simple.BIGINT, Long.MAX_VALUE, "{'N':'9223372036854775807'}"),
        arguments(Simple.FLOAT, 1.5f, "{'N':'1.5'}"),
        arguments(Simple.FLOAT, Float.MIN_VALUE, "{'N':'1.4E-45'}"),
        arguments(Simple.FLOAT, Float.NaN, "{'S':'NaN'}"),
        arguments(Simple.DOUBLE, 0.1, "{'N':'0.1'}"),
        arguments(Simple.DOUBLE, 0.0, "{'N':'0.0'}"),
        arguments(Simple.DOUBLE, -0.0, "{'S':'-0.0'}"),
        arguments(Simple.DOUBLE, 1e-130, "{'N':'1.0E-130'}"),
        arguments(Simple.DOUBLE, Double.MIN_VALUE, "{'S':'4.9E-324'}"),
        arguments(Simple.DOUBLE, Double.MAX_VALUE, "{'S':'1.7976931348623157E308'}"),
        arguments(Simple.DOUBLE, Double.NEGATIVE_INFINITY, "{'S':'-Infinity'}"),
        arguments(new DataType.Decimal(10, 2), new BigDecimal("1.50"), "{'N':'1.50'}"),
        arguments(
            new DataType.Decimal(38, 38),
            new BigDecimal("1E-38"),
            "{'N':'0." + "0".repeat(37) + "1'}"),
        arguments(DataType.STRING, "", "{'S':''}"),
        arguments(DataType.STRING, "null", "{'S':'null'}"),
        arguments(DataType.BYTES, new byte[] {0, -1}, "{'B':'AP8='}"),
        arguments(Simple.DATE, LocalDate.of(2020, 2, 29), "{'S':'2020-02-29'}"),
        arguments(new DataType.Time(3), LocalTime.of(1, 0), "{'S':'01:00'}"),
        arguments(new DataType.Time(3), LocalTime.of(1, 2, 3, 4_000_000), "{'S':'01:02:03.004'}"),
        arguments(
            new DataType.Timestamp(9),
            LocalDateTime.of(2020, 1, 2, 3, 4, 5, 6),
            "{'S':'2020-01-02T03:04:05.000000006'}"),
        arguments(
            new DataType.TimestampLtz(3),
            Instant.ofEpochMilli(1_600_000_000_001L),
            "{'S':'2020-09-13T12:26:40.001Z'}"),
        arguments(Simple.INTERVAL_YEAR_MONTH, Period.of(-1, -2, 0), "{'S':'P-1Y-2M'}"),
        arguments(
            Simple.INTERVAL_YEAR_MONTH,
            Period.ofMonths(Integer.MIN_VALUE).normalized(),
            "{'S':'P-178956970Y-8M'}"),
        arguments(Simple.INTERVAL_DAY_TIME, Duration.ofMillis(-1), "{'N':'-1.999000000'}"),
        arguments(Simple.INTERVAL_DAY_TIME, Duration.ofMillis(1_500), "{'N':'1.500000000'}"),
        arguments(Simple.INTERVAL_DAY_TIME, Duration.ofSeconds(-2), "{'N':'-2'}"),
        arguments(
            Simple.INTERVAL_DAY_TIME,
            Duration.ofMillis(Long.MIN_VALUE),
            "{'N':'-9223372036854776.192000000'}"),
        arguments(
            new DataType.Array(Simple.INT),
            Arrays.asList(1, null),
            "{'L':[{'N':'1'},{'NULL':true}]}"),
        arguments(
            new DataType.MapOf(DataType.STRING, Simple.INT),
            nullable("b", null, "a", 1),
            "{'M':{'a':{'N':'1'},'b':{'NULL':true}}}"),
        arguments(
            new DataType.MapOf(DataType.STRING, Simple.INT),
            nullable(null, 1),
            "{'L':[{'L':[{'NULL':true},{'N':'1'}]}]}"),
        arguments(
            new DataType.MapOf(DataType.STRING, Simple.INT),
            Map.of("", 1),
            "{'L':[{'L':[{'S':''},{'N':'1'}]}]}"),
        arguments(
            new DataType.MapOf(Simple.INT, DataType.STRING),
            Map.of(1, "x"),
            "{'L':[{'L':[{'N':'1'},{'S':'x'}]}]}"),
        arguments(new DataType.MapOf(Simple.INT, DataType.STRING), Map.of(), "{'L':[]}"),
        arguments(new DataType.Multiset(DataType.STRING), Map.of("x", 2), "{'M':{'x':{'N':'2'}}}"),
        arguments(
            new DataType.Multiset(Simple.DOUBLE),
            nullable(null, 2, -0.0, 1),
            "{'L':[{'L':[{'NULL':true},{'N':'2'}]},{'L':[{'S':'-0.0'},{'N':'1'}]}]}"),
        arguments(row, Row.of(1, null), "{'M':{'x':{'N':'1'},'y':{'NULL':true}}}"));
  }

  private static Map<Object, Object> nullable(Object... pairs) {
    Map<Object, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return Collections.unmodifiableMap(map);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void aValueHasItsDocumentedFormAndComesBack(DataType type, Object value, String form) {
    ValueCodec codec = ValueCodec.of(type);
    AttributeValue attribute = codec.encode(value);
    assertThat(Json.of(attribute)).isEqualTo(form.replace('\'', '"'));
    assertThat(Row.of(codec.decode(attribute))).isEqualTo(Row.of(value));
  }

  @Test
  void nullAndAMissingAttributeAreNull() {
    ValueCodec codec = ValueCodec.of(DataType.STRING);
    assertThat(Json.of(codec.encodeNullable(null))).isEqualTo("{\"NULL\":true}");
    assertThat(codec.decodeNullable(codec.encodeNullable(null))).isNull();
    assertThat(codec.decodeNullable(null)).isNull();
  }

  @Test
  void aPeriodIsReadWithMonthsAloneAndNotWithDays() {
    ValueCodec codec = ValueCodec.of(Simple.INTERVAL_YEAR_MONTH);
    assertThat(codec.decode(AttributeValue.fromS("P14M"))).isEqualTo(Period.of(1, 2, 0));
    assertThatThrownBy(() -> codec.decode(AttributeValue.fromS("P1Y1D"))).hasMessageContaining("D");
  }

  @Test
  void aDurationIsReadAsTheServiceGivesItBackAndNotBelowTheMillisecond() {
    ValueCodec codec = ValueCodec.of(Simple.INTERVAL_DAY_TIME);
    assertThat(codec.decode(AttributeValue.fromN("-1.999"))).isEqualTo(Duration.ofMillis(-1));
    assertThatThrownBy(() -> codec.decode(AttributeValue.fromN("1.0005")))
        .hasMessageContaining("1.0005");
  }

  @Test
  void aDecimalGetsItsScaleBack() {
    assertThat(ValueCodec.of(new DataType.Decimal(10, 2)).decode(AttributeValue.fromN("1.5")))
        .isEqualTo(new BigDecimal("1.50"));
  }

  @Test
  void aWholeNumberIsReadInAnyNotation() {
    assertThat(ValueCodec.of(Simple.INT).decode(AttributeValue.fromN("1E+2"))).isEqualTo(100);
  }

  @Test
  void aNumberOutsideItsTypeIsNoValue() {
    assertThatThrownBy(() -> ValueCodec.of(Simple.INT).decode(AttributeValue.fromN("2147483648")))
        .hasMessageContaining("2147483648");
    assertThatThrownBy(() -> ValueCodec.of(Simple.INT).decode(AttributeValue.fromN("1.5")))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(
            () -> ValueCodec.of(new DataType.Decimal(10, 1)).decode(AttributeValue.fromN("1.55")))
        .isInstanceOf(ArithmeticException.class);
  }

  @ParameterizedTest
  @CsvSource({"2020-01-02T03:04,2020-01-02T03:04", "2020-01-02T03:04:00,2020-01-02T03:04"})
  void aTimestampIsReadWithAndWithoutSeconds(String text, String expected) {
    assertThat(ValueCodec.of(new DataType.Timestamp(3)).decode(AttributeValue.fromS(text)))
        .isEqualTo(LocalDateTime.parse(expected));
  }

  @Test
  void anAttributeOfAnotherTypeIsNoValue() {
    assertThatThrownBy(() -> ValueCodec.of(DataType.STRING).decode(AttributeValue.fromN("1")))
        .hasMessageContaining("is an attribute of type N");
    assertThatThrownBy(
            () -> ValueCodec.of(new DataType.Array(Simple.INT)).decode(AttributeValue.fromS("x")))
        .hasMessageContaining("is an attribute of type S");
  }
}
