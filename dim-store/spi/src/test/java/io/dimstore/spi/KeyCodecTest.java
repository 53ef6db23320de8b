// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KeyCodecTest {

  private static final int ROUNDS = 2_000;

  /** A type with a generator of random values and the expected order of these values. */
  private record Kind<T>(DataType type, Function<Random, T> values, Comparator<T> order) {

    Object value(Random random) {
      return values.apply(random);
    }

    @SuppressWarnings("unchecked")
    int compare(Object a, Object b) {
      return order.compare((T) a, (T) b);
    }

    @Override
    public String toString() {
      return type.toString();
    }
  }

  private static final Comparator<LocalDateTime> BY_TIME = Comparator.naturalOrder();

  private static final List<Kind<?>> KINDS =
      List.of(
          new Kind<Boolean>(
              DataType.Simple.BOOLEAN, Random::nextBoolean, Comparator.naturalOrder()),
          new Kind<Byte>(
              DataType.Simple.TINYINT, r -> (byte) r.nextInt(), Comparator.naturalOrder()),
          new Kind<Short>(
              DataType.Simple.SMALLINT, r -> (short) r.nextInt(), Comparator.naturalOrder()),
          new Kind<Integer>(DataType.Simple.INT, Random::nextInt, Comparator.naturalOrder()),
          new Kind<Long>(DataType.Simple.BIGINT, Random::nextLong, Comparator.naturalOrder()),
          new Kind<Float>(
              DataType.Simple.FLOAT,
              r -> Float.intBitsToFloat(r.nextInt()),
              Comparator.naturalOrder()),
          new Kind<Double>(DataType.Simple.DOUBLE, KeyCodecTest::number, Comparator.naturalOrder()),
          new Kind<>(
              DataType.Simple.DATE,
              r -> LocalDate.ofEpochDay(r.nextInt()),
              Comparator.<LocalDate>naturalOrder()),
          new Kind<>(
              DataType.Simple.INTERVAL_YEAR_MONTH,
              r -> Period.ofMonths(r.nextInt()).normalized(),
              Comparator.comparing(Period::toTotalMonths)),
          new Kind<>(
              DataType.Simple.INTERVAL_DAY_TIME,
              r -> Duration.ofMillis(r.nextLong()),
              Comparator.<Duration>naturalOrder()),
          new Kind<>(new DataType.Decimal(38, 10), r -> decimal(r, 38, 10), BigDecimal::compareTo),
          new Kind<>(new DataType.Decimal(1, 0), r -> decimal(r, 1, 0), BigDecimal::compareTo),
          new Kind<>(new DataType.Decimal(19, 19), r -> decimal(r, 19, 19), BigDecimal::compareTo),
          new Kind<>(DataType.STRING, KeyCodecTest::text, KeyCodecTest::byCodePoint),
          new Kind<>(DataType.BYTES, KeyCodecTest::bytes, Arrays::compareUnsigned),
          new Kind<>(
              new DataType.Time(9),
              r -> LocalTime.ofNanoOfDay(r.nextLong(86_400_000_000_000L)),
              Comparator.<LocalTime>naturalOrder()),
          new Kind<>(new DataType.Timestamp(9), KeyCodecTest::time, BY_TIME),
          new Kind<>(
              new DataType.TimestampLtz(9),
              r -> time(r).toInstant(ZoneOffset.UTC),
              Comparator.<Instant>naturalOrder()));

  static Stream<Kind<?>> kinds() {
    return KINDS.stream();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyValueComesBackEqual(Kind<?> kind) {
    Random random = new Random(1);
    KeyCodec codec = codec(kind.type());
    for (int i = 0; i < ROUNDS; i++) {
      Key key = Key.of(kind.value(random));
      assertThat(codec.decode(codec.encode(key))).isEqualTo(key);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void bytesHaveTheOrderOfTheValuesAndNoneIsAPrefixOfAnother(Kind<?> kind) {
    Random random = new Random(2);
    KeyCodec codec = codec(kind.type());
    for (int i = 0; i < ROUNDS; i++) {
      Object a = kind.value(random);
      Object b = kind.value(random);
      byte[] left = codec.encode(Key.of(a));
      byte[] right = codec.encode(Key.of(b));
      assertThat(Integer.signum(Arrays.compareUnsigned(left, right)))
          .as("%s against %s", a, b)
          .isEqualTo(Integer.signum(kind.compare(a, b)));
      assertNoPrefix(left, right);
    }
  }

  @Test
  void compositeKeysAreOrderedColumnByColumn() {
    Random random = new Random(3);
    for (int i = 0; i < ROUNDS; i++) {
      List<Kind<?>> kinds = List.of(any(random), any(random), any(random));
      KeyCodec codec = codec(kinds.stream().map(Kind::type).toArray(DataType[]::new));
      Object[] a = kinds.stream().map(k -> k.value(random)).toArray();
      Object[] b = kinds.stream().map(k -> k.value(random)).toArray();
      int equal = random.nextInt(4);
      System.arraycopy(a, 0, b, 0, equal);
      int expected = 0;
      for (int c = 0; c < 3 && expected == 0; c++) {
        expected = Integer.signum(kinds.get(c).compare(a[c], b[c]));
      }
      Key left = Key.of(a);
      Key right = Key.of(b);
      assertThat(Integer.signum(codec.compare(left, right)))
          .as("%s against %s", left, right)
          .isEqualTo(expected);
      assertThat(codec.decode(codec.encode(left))).isEqualTo(left);
      assertNoPrefix(codec.encode(left), codec.encode(right));
    }
  }

  @Test
  void floatingPointIsOrderedFromMinusInfinityToNaN() {
    List<Object> ordered =
        List.of(
            Double.NEGATIVE_INFINITY,
            -Double.MAX_VALUE,
            -1.0,
            -Double.MIN_VALUE,
            -0.0,
            0.0,
            Double.MIN_VALUE,
            1.0,
            Double.MAX_VALUE,
            Double.POSITIVE_INFINITY,
            Double.NaN);
    KeyCodec codec = codec(DataType.Simple.DOUBLE);
    for (int i = 1; i < ordered.size(); i++) {
      assertThat(codec.compare(Key.of(ordered.get(i - 1)), Key.of(ordered.get(i)))).isNegative();
    }
  }

  @Test
  void encodingDoesNotChange() {
    assertThat(hex(DataType.Simple.BOOLEAN, true)).isEqualTo("01");
    assertThat(hex(DataType.Simple.TINYINT, (byte) -1)).isEqualTo("7f");
    assertThat(hex(DataType.Simple.INT, 1)).isEqualTo("80000001");
    assertThat(hex(DataType.Simple.BIGINT, -1L)).isEqualTo("7fffffffffffffff");
    assertThat(hex(DataType.Simple.DOUBLE, 1.0)).isEqualTo("bff0000000000000");
    assertThat(hex(DataType.Simple.DOUBLE, -1.0)).isEqualTo("400fffffffffffff");
    assertThat(hex(DataType.Simple.DATE, LocalDate.EPOCH)).isEqualTo("8000000000000000");
    assertThat(hex(new DataType.Decimal(4, 2), new BigDecimal("-0.01"))).isEqualTo("7fff");
    assertThat(hex(DataType.STRING, "a\u0000b")).isEqualTo("6100ff620001");
    assertThat(hex(DataType.STRING, "")).isEqualTo("0001");
    assertThat(hex(DataType.BYTES, new byte[] {0, 1, -1})).isEqualTo("00ff01ff0001");
    assertThat(hex(new DataType.TimestampLtz(3), Instant.EPOCH))
        .isEqualTo("800000000000000080000000");
  }

  @Test
  void bytesThatAreNotAKeyAreCorrupt() {
    assertCorrupt("", DataType.Simple.INT);
    assertCorrupt("800000", DataType.Simple.INT);
    assertCorrupt("8000000100", DataType.Simple.INT);
    assertCorrupt("02", DataType.Simple.BOOLEAN);
    assertCorrupt("61", DataType.STRING);
    assertCorrupt("6100", DataType.STRING);
    assertCorrupt("61000201", DataType.STRING);
    assertCorrupt("ffffffffffffffff", new DataType.Time(9));
  }

  @Test
  void nestedTypesCannotBePartOfAKey() {
    KeyCodec codec = codec(new DataType.Array(DataType.STRING));
    assertThatThrownBy(() -> codec.encode(Key.of(List.of())))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("ARRAY<STRING>");
  }

  private static void assertCorrupt(String hex, DataType type) {
    assertThatThrownBy(() -> codec(type).decode(HexFormat.of().parseHex(hex)))
        .as("%s as %s", hex, type)
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.CORRUPT));
  }

  private static void assertNoPrefix(byte[] a, byte[] b) {
    if (!Arrays.equals(a, b)) {
      int shorter = Math.min(a.length, b.length);
      assertThat(Arrays.mismatch(a, b)).as("first difference").isLessThan(shorter);
    }
  }

  private static String hex(DataType type, Object value) {
    return HexFormat.of().formatHex(codec(type).encode(Key.of(value)));
  }

  private static KeyCodec codec(DataType... types) {
    List<Column> columns = new ArrayList<>();
    for (DataType type : types) {
      columns.add(new Column("c" + columns.size(), type));
    }
    return new KeyCodec(columns);
  }

  private static Kind<?> any(Random random) {
    return KINDS.get(random.nextInt(KINDS.size()));
  }

  private static double number(Random random) {
    return random.nextBoolean()
        ? Double.longBitsToDouble(random.nextLong())
        : random.nextInt(5) - 2.5;
  }

  private static BigDecimal decimal(Random random, int precision, int scale) {
    BigInteger unscaled =
        new BigInteger(1 + random.nextInt(126), random)
            .mod(BigInteger.TEN.pow(1 + random.nextInt(precision)));
    return new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), scale);
  }

  /** Returns a random text of few different letters, so that many texts are prefixes of others. */
  private static String text(Random random) {
    int[] letters = {0, 1, 'a', 'b', 0xff, 0x20ac, 0xffff, 0x1f600, 0x10ffff};
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      text.appendCodePoint(letters[random.nextInt(letters.length)]);
    }
    return text.toString();
  }

  private static byte[] bytes(Random random) {
    byte[] letters = {0, 1, 2, -2, -1};
    byte[] bytes = new byte[random.nextInt(5)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = letters[random.nextInt(letters.length)];
    }
    return bytes;
  }

  private static LocalDateTime time(Random random) {
    return LocalDateTime.ofEpochSecond(
        random.nextLong(-62_135_596_800L, 253_402_300_800L),
        random.nextInt(1_000_000_000),
        ZoneOffset.UTC);
  }

  private static int byCodePoint(String a, String b) {
    return Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
  }
}
