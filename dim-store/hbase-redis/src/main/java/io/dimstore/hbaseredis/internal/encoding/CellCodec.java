// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import io.dimstore.spi.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.function.Function;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Encodes and decodes values of one type as the bytes of an HBase cell, or of a row key with one
 * column. Types that the stock Flink connector supports have its encoding. Other types have a
 * format byte and the encoding of {@link PackedCodec}. Built once per column, thread-safe.
 *
 * @param encode returns the bytes of a value that is not null; throws {@link ArithmeticException}
 *     if the stock encoding cannot hold the value
 * @param decode returns the value of some bytes, or null if the stock connector reads them as null;
 *     throws a {@link RuntimeException} for bytes of another type
 * @param stock whether the encoding is that of the stock connector
 * @param ordered whether the bytes, compared as unsigned, sort as the values do
 */
public record CellCodec(
    Function<Object, byte[]> encode, Decoder decode, boolean stock, boolean ordered) {

  /** The format byte of the types that the stock connector does not support. */
  private static final byte OWN_FORMAT = 1;

  /** Reads a value from a part of an array. */
  @FunctionalInterface
  public interface Decoder {
    @Nullable Object apply(byte[] bytes, int offset, int length);
  }

  static CellCodec of(DataType type) {
    if (type instanceof DataType.Simple simple) {
      return simple(simple);
    }
    if (type instanceof DataType.Text) {
      return new CellCodec(value -> Utf8.encode((String) value), Utf8::decode, true, true);
    }
    if (type instanceof DataType.Binary) {
      return new CellCodec(value -> (byte[]) value, Bytes::copy, true, true);
    }
    if (type instanceof DataType.Decimal decimal) {
      return new CellCodec(
          value -> Bytes.toBytes((BigDecimal) value),
          (bytes, offset, length) -> decimal(decimal, bytes, offset, length),
          true,
          false);
    }
    if (type instanceof DataType.Time time && time.precision() <= 3) {
      return stock(
          value -> Bytes.toBytes((int) (((LocalTime) value).toNanoOfDay() / 1_000_000)),
          (bytes, offset, length) ->
              LocalTime.ofNanoOfDay(Bytes.toInt(bytes, offset, length) * 1_000_000L));
    }
    if (type instanceof DataType.Timestamp timestamp && timestamp.precision() <= 3) {
      return stock(
          value -> Bytes.toBytes(((LocalDateTime) value).toInstant(ZoneOffset.UTC).toEpochMilli()),
          (bytes, offset, length) ->
              LocalDateTime.ofInstant(
                  Instant.ofEpochMilli(Bytes.toLong(bytes, offset, length)), ZoneOffset.UTC));
    }
    if (type instanceof DataType.TimestampLtz timestamp && timestamp.precision() <= 3) {
      return stock(
          value -> Bytes.toBytes(((Instant) value).toEpochMilli()),
          (bytes, offset, length) -> Instant.ofEpochMilli(Bytes.toLong(bytes, offset, length)));
    }
    return own(PackedCodec.of(type));
  }

  private static CellCodec simple(DataType.Simple type) {
    return switch (type) {
      case BOOLEAN ->
          new CellCodec(
              value -> Bytes.toBytes((boolean) (Boolean) value),
              (bytes, offset, length) -> one(bytes, offset, length) != 0,
              true,
              true);
      case TINYINT -> stock(value -> new byte[] {(Byte) value}, CellCodec::one);
      case SMALLINT -> stock(value -> Bytes.toBytes((short) (Short) value), Bytes::toShort);
      case INT -> stock(value -> Bytes.toBytes((int) (Integer) value), Bytes::toInt);
      case BIGINT -> stock(value -> Bytes.toBytes((long) (Long) value), Bytes::toLong);
      case FLOAT ->
          stock(
              value -> Bytes.toBytes((float) (Float) value),
              (bytes, offset, length) -> Float.intBitsToFloat(Bytes.toInt(bytes, offset, length)));
      case DOUBLE ->
          stock(
              value -> Bytes.toBytes((double) (Double) value),
              (bytes, offset, length) ->
                  Double.longBitsToDouble(Bytes.toLong(bytes, offset, length)));
      case DATE ->
          stock(
              value -> Bytes.toBytes(Math.toIntExact(((LocalDate) value).toEpochDay())),
              (bytes, offset, length) -> LocalDate.ofEpochDay(Bytes.toInt(bytes, offset, length)));
      case INTERVAL_YEAR_MONTH ->
          stock(
              value -> Bytes.toBytes(Math.toIntExact(((Period) value).toTotalMonths())),
              (bytes, offset, length) ->
                  Period.ofMonths(Bytes.toInt(bytes, offset, length)).normalized());
      case INTERVAL_DAY_TIME ->
          stock(
              value -> Bytes.toBytes(((Duration) value).toMillis()),
              (bytes, offset, length) -> Duration.ofMillis(Bytes.toLong(bytes, offset, length)));
    };
  }

  private static CellCodec stock(Function<Object, byte[]> encode, Decoder decode) {
    return new CellCodec(encode, decode, true, false);
  }

  private static CellCodec own(PackedCodec packed) {
    return new CellCodec(
        value -> {
          ByteSink out = new ByteSink(32);
          out.i8(OWN_FORMAT);
          packed.write().accept(value, out);
          return out.toBytes();
        },
        (bytes, offset, length) -> {
          ByteSource in = new ByteSource(bytes, offset, length);
          if (in.i8() != OWN_FORMAT) {
            throw new IllegalArgumentException("an unknown format byte");
          }
          Object value = packed.read().apply(in);
          if (in.remaining() > 0) {
            throw new IllegalArgumentException("bytes after the value");
          }
          return value;
        },
        false,
        false);
  }

  private static byte one(byte[] bytes, int offset, int length) {
    if (length != 1) {
      throw new IllegalArgumentException(length + " bytes where 1 is expected");
    }
    return bytes[offset];
  }

  /**
   * Reads a decimal. If another tool wrote it with another scale, it is rounded to the scale of the
   * type. A value with too many digits is read as null, as in Flink.
   */
  private static @Nullable Object decimal(
      DataType.Decimal type, byte[] bytes, int offset, int length) {
    if (length < 5) {
      throw new IllegalArgumentException(length + " bytes where a decimal is expected");
    }
    int scale = Bytes.toInt(bytes, offset);
    BigDecimal value = new BigDecimal(new BigInteger(bytes, offset + 4, length - 4), scale);
    if (scale != type.scale()) {
      if (Math.abs((long) value.precision() - scale) > 10_000) {
        throw new IllegalArgumentException("not a decimal");
      }
      value = value.setScale(type.scale(), RoundingMode.HALF_UP);
    }
    return value.precision() > type.precision() ? null : value;
  }
}
