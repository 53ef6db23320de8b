// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;

/**
 * Encodes keys as bytes whose unsigned order is the order of the keys, column by column. Different
 * keys have different bytes, and no key's bytes are a prefix of another's. Thread-safe.
 *
 * <p>Format, one column after the other: numbers big-endian with the sign bit flipped (floating
 * point ones with all bits flipped when negative); DECIMAL as its unscaled value in just as many
 * bytes as the precision needs; dates and times as days, nanoseconds of the day, or seconds and
 * nanoseconds; text in UTF-8 (so it sorts by code point) and binary with each 00 written as 00 FF,
 * ended by 00 01.
 */
public final class KeyCodec {

  private final DataType[] types;

  /** Creates a codec for keys of these columns. */
  public KeyCodec(List<Column> key) {
    this.types = key.stream().map(Column::type).toArray(DataType[]::new);
  }

  /** Encodes a key whose values have the classes of the columns' types. */
  public byte[] encode(Key key) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(32);
    for (int i = 0; i < types.length; i++) {
      encode(types[i], key.get(i), out);
    }
    return out.toByteArray();
  }

  /**
   * Decodes a key.
   *
   * @throws StoreException CORRUPT if the bytes are not a key of these columns
   */
  public Key decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    Object[] values = new Object[types.length];
    try {
      for (int i = 0; i < types.length; i++) {
        values[i] = decode(types[i], in);
      }
    } catch (RuntimeException e) {
      throw new StoreException(
          StoreException.Kind.CORRUPT, "Not the bytes of a key: " + Values.describe(bytes), e);
    }
    if (in.hasRemaining()) {
      throw new StoreException(
          StoreException.Kind.CORRUPT, "Bytes after the key: " + Values.describe(bytes), null);
    }
    return Key.of(values);
  }

  /** Compares two keys by the unsigned order of their bytes. */
  public int compare(Key a, Key b) {
    return Arrays.compareUnsigned(encode(a), encode(b));
  }

  private static void encode(DataType type, Object value, ByteArrayOutputStream out) {
    if (type instanceof DataType.Simple simple) {
      switch (simple) {
        case BOOLEAN -> out.write((Boolean) value ? 1 : 0);
        case TINYINT -> out.write((Byte) value ^ 0x80);
        case SMALLINT -> number((Short) value, 2, out);
        case INT -> number((Integer) value, 4, out);
        case BIGINT -> number((Long) value, 8, out);
        case FLOAT -> {
          int bits = Float.floatToIntBits((Float) value);
          number(bits < 0 ? bits ^ 0x7fffffff : bits, 4, out);
        }
        case DOUBLE -> {
          long bits = Double.doubleToLongBits((Double) value);
          number(bits < 0 ? bits ^ Long.MAX_VALUE : bits, 8, out);
        }
        case DATE -> number(((LocalDate) value).toEpochDay(), 8, out);
        case INTERVAL_YEAR_MONTH -> number(((Period) value).toTotalMonths(), 8, out);
        case INTERVAL_DAY_TIME -> number(((Duration) value).toMillis(), 8, out);
      }
    } else if (type instanceof DataType.Decimal decimal) {
      decimal(((BigDecimal) value).unscaledValue(), decimalBytes(decimal), out);
    } else if (type instanceof DataType.Text) {
      escaped(((String) value).getBytes(StandardCharsets.UTF_8), out);
    } else if (type instanceof DataType.Binary) {
      escaped((byte[]) value, out);
    } else if (type instanceof DataType.Time) {
      number(((LocalTime) value).toNanoOfDay(), 8, out);
    } else if (type instanceof DataType.Timestamp) {
      LocalDateTime time = (LocalDateTime) value;
      number(time.toEpochSecond(ZoneOffset.UTC), 8, out);
      number(time.getNano(), 4, out);
    } else if (type instanceof DataType.TimestampLtz) {
      Instant time = (Instant) value;
      number(time.getEpochSecond(), 8, out);
      number(time.getNano(), 4, out);
    } else {
      throw StoreException.invalid(type + " cannot be part of a key");
    }
  }

  private static Object decode(DataType type, ByteBuffer in) {
    if (type instanceof DataType.Simple simple) {
      return switch (simple) {
        case BOOLEAN -> bool(in.get());
        case TINYINT -> (byte) (in.get() ^ 0x80);
        case SMALLINT -> (short) number(2, in);
        case INT -> (int) number(4, in);
        case BIGINT -> number(8, in);
        case FLOAT -> {
          int bits = (int) number(4, in);
          yield Float.intBitsToFloat(bits < 0 ? bits ^ 0x7fffffff : bits);
        }
        case DOUBLE -> {
          long bits = number(8, in);
          yield Double.longBitsToDouble(bits < 0 ? bits ^ Long.MAX_VALUE : bits);
        }
        case DATE -> LocalDate.ofEpochDay(number(8, in));
        case INTERVAL_YEAR_MONTH -> Period.ofMonths((int) number(8, in)).normalized();
        case INTERVAL_DAY_TIME -> Duration.ofMillis(number(8, in));
      };
    }
    if (type instanceof DataType.Decimal decimal) {
      byte[] bytes = new byte[decimalBytes(decimal)];
      in.get(bytes);
      bytes[0] ^= (byte) 0x80;
      return new BigDecimal(new BigInteger(bytes), decimal.scale());
    }
    if (type instanceof DataType.Text) {
      return new String(unescaped(in), StandardCharsets.UTF_8);
    }
    if (type instanceof DataType.Binary) {
      return unescaped(in);
    }
    if (type instanceof DataType.Time) {
      return LocalTime.ofNanoOfDay(number(8, in));
    }
    if (type instanceof DataType.Timestamp) {
      return LocalDateTime.ofEpochSecond(number(8, in), (int) number(4, in), ZoneOffset.UTC);
    }
    return Instant.ofEpochSecond(number(8, in), number(4, in));
  }

  private static boolean bool(byte value) {
    if (value != 0 && value != 1) {
      throw new IllegalArgumentException("no boolean");
    }
    return value == 1;
  }

  private static void number(long value, int bytes, ByteArrayOutputStream out) {
    long flipped = value ^ (1L << (bytes * 8 - 1));
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
      out.write((int) (flipped >>> shift));
    }
  }

  private static long number(int bytes, ByteBuffer in) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value = value << 8 | (in.get() & 0xff);
    }
    long flipped = value ^ (1L << (bytes * 8 - 1));
    int unused = 64 - bytes * 8;
    return flipped << unused >> unused;
  }

  private static int decimalBytes(DataType.Decimal type) {
    return BigInteger.TEN.pow(type.precision()).bitLength() / 8 + 1;
  }

  private static void decimal(BigInteger unscaled, int width, ByteArrayOutputStream out) {
    byte[] bytes = unscaled.toByteArray();
    int fill = unscaled.signum() < 0 ? 0xff : 0;
    for (int i = 0; i < width; i++) {
      int fromEnd = width - i;
      int b = fromEnd > bytes.length ? fill : bytes[bytes.length - fromEnd];
      out.write(i == 0 ? b ^ 0x80 : b);
    }
  }

  private static void escaped(byte[] bytes, ByteArrayOutputStream out) {
    for (byte b : bytes) {
      out.write(b);
      if (b == 0) {
        out.write(0xff);
      }
    }
    out.write(0);
    out.write(1);
  }

  private static byte[] unescaped(ByteBuffer in) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(in.remaining());
    while (true) {
      byte b = in.get();
      if (b != 0) {
        out.write(b);
        continue;
      }
      byte next = in.get();
      if (next == 1) {
        return out.toByteArray();
      }
      if (next != (byte) 0xff) {
        throw new IllegalArgumentException("no escape");
      }
      out.write(0);
    }
  }
}
