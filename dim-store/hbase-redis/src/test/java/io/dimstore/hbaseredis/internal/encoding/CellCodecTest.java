// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Row;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Cells have the bytes that {@code docs/storage-format.md} documents. */
class CellCodecTest {

  static Stream<Arguments> goldenBytes() {
    return Stream.of(
        stock(DataType.STRING, "zo\u00eb", "7a6fc3ab"),
        stock(DataType.STRING, "", ""),
        stock(DataType.BYTES, new byte[] {0, -1}, "00ff"),
        stock(DataType.Simple.BOOLEAN, true, "ff"),
        stock(DataType.Simple.BOOLEAN, false, "00"),
        stock(DataType.Simple.TINYINT, (byte) -2, "fe"),
        stock(DataType.Simple.SMALLINT, (short) -2, "fffe"),
        stock(DataType.Simple.INT, 258, "00000102"),
        stock(DataType.Simple.INT, Integer.MIN_VALUE, "80000000"),
        stock(DataType.Simple.BIGINT, -1L, "ffffffffffffffff"),
        stock(DataType.Simple.FLOAT, 1.5f, "3fc00000"),
        stock(DataType.Simple.FLOAT, -0.0f, "80000000"),
        stock(DataType.Simple.DOUBLE, -2.0, "c000000000000000"),
        stock(DataType.Simple.DATE, LocalDate.of(1970, 1, 11), "0000000a"),
        stock(DataType.Simple.DATE, LocalDate.of(1969, 12, 31), "ffffffff"),
        stock(DataType.Simple.INTERVAL_YEAR_MONTH, Period.of(1, 2, 0), "0000000e"),
        stock(DataType.Simple.INTERVAL_DAY_TIME, Duration.ofSeconds(2), "00000000000007d0"),
        stock(new DataType.Decimal(5, 2), new BigDecimal("1.50"), "0000000200" + "96"),
        stock(new DataType.Decimal(5, 2), new BigDecimal("-1.50"), "00000002ff6a"),
        stock(new DataType.Time(3), LocalTime.of(0, 0, 1, 5_000_000), "000003ed"),
        stock(new DataType.Timestamp(3), LocalDateTime.of(1970, 1, 1, 0, 0, 2), "00000000000007d0"),
        stock(new DataType.TimestampLtz(3), Instant.ofEpochMilli(-1), "ffffffffffffffff"),
        own(new DataType.Time(9), LocalTime.ofNanoOfDay(258), "010000000000000102"),
        own(
            new DataType.Timestamp(6),
            LocalDateTime.of(1970, 1, 1, 0, 0, 1, 2_000),
            "01" + "0000000000000001" + "000007d0"),
        own(
            new DataType.TimestampLtz(9),
            Instant.ofEpochSecond(-1, 7),
            "01" + "ffffffffffffffff" + "00000007"),
        own(
            new DataType.Array(DataType.STRING),
            Arrays.asList("a", null),
            "01" + "05" + "02" + "010161" + "00"),
        own(
            new DataType.MapOf(DataType.Simple.INT, DataType.Simple.BOOLEAN),
            Map.of(3, true),
            "01" + "08" + "01" + "0100000003" + "0101"),
        own(
            new DataType.Multiset(DataType.STRING),
            Map.of("", 2),
            "01" + "08" + "01" + "0100" + "0100000002"),
        own(
            new DataType.RowOf(
                List.of(
                    new Column("x", DataType.Simple.SMALLINT), new Column("y", DataType.BYTES))),
            Row.of((short) 1, null),
            "01" + "04" + "010001" + "00"));
  }

  @ParameterizedTest
  @MethodSource
  void goldenBytes(DataType type, Object value, String hex, boolean stock) {
    CellCodec codec = CellCodec.of(type);
    byte[] bytes = HexFormat.of().parseHex(hex);
    assertThat(codec.encode().apply(value)).isEqualTo(bytes);
    // Row.equals also compares nested arrays by content.
    assertThat(Row.of(codec.decode().apply(bytes, 0, bytes.length))).isEqualTo(Row.of(value));
    assertThat(codec.stock()).isEqualTo(stock);
  }

  @Test
  void aPartOfALargerArrayIsReadAlone() {
    byte[] bytes = {9, 9, 0, 0, 1, 2, 9};
    assertThat(CellCodec.of(DataType.Simple.INT).decode().apply(bytes, 2, 4)).isEqualTo(258);
    assertThat(CellCodec.of(DataType.BYTES).decode().apply(bytes, 4, 2))
        .isEqualTo(new byte[] {1, 2});
  }

  @Test
  void bytesOfAnotherTypeAreRefused() {
    byte[] five = {1, 2, 3, 4, 5};
    for (DataType type :
        List.of(
            DataType.Simple.BOOLEAN,
            DataType.Simple.TINYINT,
            DataType.Simple.INT,
            DataType.Simple.BIGINT,
            new DataType.Timestamp(9),
            new DataType.Array(DataType.STRING))) {
      assertThatThrownBy(() -> CellCodec.of(type).decode().apply(five, 0, 5))
          .as("%s", type)
          .isInstanceOf(RuntimeException.class);
    }
  }

  @Test
  void textThatIsNotUtf8IsRefusedAndTheReplacementCharacterItselfIsText() {
    CellCodec text = CellCodec.of(DataType.STRING);
    assertThatThrownBy(() -> text.decode().apply(new byte[] {(byte) 0xc3, 'a'}, 0, 2))
        .isInstanceOf(RuntimeException.class);
    byte[] replacement = Utf8.encode("\ufffd");
    assertThat(text.decode().apply(replacement, 0, 3)).isEqualTo("\ufffd");
  }

  @Test
  void aDecimalOfAnotherScaleIsRoundedAndOneTooLargeIsNull() {
    CellCodec codec = CellCodec.of(new DataType.Decimal(3, 1));
    byte[] finer = CellCodec.of(new DataType.Decimal(9, 3)).encode().apply(new BigDecimal("1.250"));
    assertThat(codec.decode().apply(finer, 0, finer.length)).isEqualTo(new BigDecimal("1.3"));
    byte[] large = CellCodec.of(new DataType.Decimal(9, 0)).encode().apply(new BigDecimal("1000"));
    assertThat(codec.decode().apply(large, 0, large.length)).isNull();
  }

  @Test
  void valuesBeyondTheStockEncodingAreRefused() {
    assertThatThrownBy(() -> CellCodec.of(DataType.Simple.DATE).encode().apply(LocalDate.MAX))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(
            () -> CellCodec.of(new DataType.Timestamp(3)).encode().apply(LocalDateTime.MAX))
        .isInstanceOf(ArithmeticException.class);
  }

  private static Arguments stock(DataType type, Object value, String hex) {
    return Arguments.of(type, value, hex, true);
  }

  private static Arguments own(DataType type, Object value, String hex) {
    return Arguments.of(type, value, hex, false);
  }
}
