package io.dimstore.hbaseredis;

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
 * The bytes of an HBase cell, or of a single-column row key: those of the stock Flink connector for
 * every type that it has, and for the others a format byte before the encoding of our own. Built
 * once per column, thread-safe.
 *
 * @param encode the bytes of a value that is not null; fails with {@link ArithmeticException} where
 *     the stock encoding cannot hold it
 * @param decode reads them; null where the stock connector reads null; fails with {@link
 *     RuntimeException} on bytes of another type
 * @param stock whether the bytes are those of the stock connector
 * @param ordered whether their unsigned order is the order of the values
 */
record CellCodec(Function<Object, byte[]> encode, Decoder decode, boolean stock, boolean ordered) {

  /** The format byte before encodings of our own. */
  private static final byte OWN_FORMAT = 1;

  /** Reads a value from a part of an array. */
  @FunctionalInterface
  interface Decoder {
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
            throw new IllegalArgumentException("a format that is not known");
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
      throw new IllegalArgumentException(length + " bytes for one");
    }
    return bytes[offset];
  }

  /** Another tool's scale is rounded, and what then has too many digits is null, as in Flink. */
  private static @Nullable Object decimal(
      DataType.Decimal type, byte[] bytes, int offset, int length) {
    if (length < 5) {
      throw new IllegalArgumentException(length + " bytes for a decimal");
    }
    int scale = Bytes.toInt(bytes, offset);
    BigDecimal value = new BigDecimal(new BigInteger(bytes, offset + 4, length - 4), scale);
    if (scale != type.scale()) {
      if (Math.abs((long) value.precision() - scale) > 10_000) {
        throw new IllegalArgumentException("no decimal");
      }
      value = value.setScale(type.scale(), RoundingMode.HALF_UP);
    }
    return value.precision() > type.precision() ? null : value;
  }
}
