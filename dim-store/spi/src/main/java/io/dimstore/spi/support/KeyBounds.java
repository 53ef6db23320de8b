// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Key;
import io.dimstore.spi.KeyCodec;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.StoreException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Computes the bounds of key ranges for {@link ScanOptions}: the least value of a type, the value
 * that follows another one, and the range of the keys whose first columns have given values. All of
 * them are in the order of {@link KeyCodec}.
 */
public final class KeyBounds {

  private KeyBounds() {}

  /**
   * Returns the least key whose first columns have these values.
   *
   * @param columns the key columns
   * @param first values of the first key columns; none for the least key of all
   */
  public static Key from(List<Column> columns, List<?> first) {
    Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i < first.size() ? first.get(i) : least(columns.get(i).type());
    }
    return Key.of(values);
  }

  /**
   * Returns the least key that is greater than every key whose first columns have these values, or
   * null if no key is greater.
   *
   * @param columns the key columns
   * @param first values of the first key columns; none for the end of all keys
   */
  public static @Nullable Key to(List<Column> columns, List<?> first) {
    for (int i = first.size() - 1; i >= 0; i--) {
      Object next = next(columns.get(i).type(), first.get(i));
      if (next != null) {
        List<Object> greater = new ArrayList<>(first.subList(0, i));
        greater.add(next);
        return from(columns, greater);
      }
    }
    return null;
  }

  /** Returns whether all keys of a range have the same value in their first column. */
  public static boolean haveSameFirst(List<Column> columns, @Nullable Key from, @Nullable Key to) {
    if (from == null) {
      return false;
    }
    Key end = to(columns, List.of(from.get(0)));
    if (end == null || to == null) {
      return end == null;
    }
    KeyCodec codec = new KeyCodec(columns);
    return Arrays.compareUnsigned(codec.encode(to), codec.encode(end)) <= 0;
  }

  /** Returns the least value of a type that key columns can have. */
  public static Object least(DataType type) {
    if (type instanceof DataType.Simple simple) {
      return switch (simple) {
        case BOOLEAN -> false;
        case TINYINT -> Byte.MIN_VALUE;
        case SMALLINT -> Short.MIN_VALUE;
        case INT -> Integer.MIN_VALUE;
        case BIGINT -> Long.MIN_VALUE;
        case FLOAT -> Float.NEGATIVE_INFINITY;
        case DOUBLE -> Double.NEGATIVE_INFINITY;
        case DATE -> LocalDate.MIN;
        case INTERVAL_YEAR_MONTH -> Period.ofMonths(Integer.MIN_VALUE).normalized();
        case INTERVAL_DAY_TIME -> Duration.ofMillis(Long.MIN_VALUE);
      };
    }
    if (type instanceof DataType.Decimal decimal) {
      return new BigDecimal(greatestUnscaled(decimal).negate(), decimal.scale());
    }
    if (type instanceof DataType.Text) {
      return "";
    }
    if (type instanceof DataType.Binary) {
      return new byte[0];
    }
    if (type instanceof DataType.Time) {
      return LocalTime.MIN;
    }
    if (type instanceof DataType.Timestamp) {
      return LocalDateTime.MIN;
    }
    if (type instanceof DataType.TimestampLtz) {
      return Instant.MIN;
    }
    throw StoreException.invalid(type + " cannot be part of a key");
  }

  /**
   * Returns the least value that is greater than another one, or null after the greatest. Times are
   * followed by the next nanosecond, whatever their precision.
   */
  public static @Nullable Object next(DataType type, Object value) {
    if (type instanceof DataType.Simple simple) {
      return next(simple, value);
    }
    if (type instanceof DataType.Decimal decimal) {
      BigInteger next = ((BigDecimal) value).unscaledValue().add(BigInteger.ONE);
      return next.compareTo(greatestUnscaled(decimal)) > 0
          ? null
          : new BigDecimal(next, decimal.scale());
    }
    if (type instanceof DataType.Text) {
      return value + "\0";
    }
    if (type instanceof DataType.Binary) {
      byte[] bytes = (byte[]) value;
      return Arrays.copyOf(bytes, bytes.length + 1);
    }
    if (type instanceof DataType.Time) {
      return value.equals(LocalTime.MAX) ? null : ((LocalTime) value).plusNanos(1);
    }
    if (type instanceof DataType.Timestamp) {
      return value.equals(LocalDateTime.MAX) ? null : ((LocalDateTime) value).plusNanos(1);
    }
    if (type instanceof DataType.TimestampLtz) {
      return value.equals(Instant.MAX) ? null : ((Instant) value).plusNanos(1);
    }
    throw StoreException.invalid(type + " cannot be part of a key");
  }

  private static @Nullable Object next(DataType.Simple type, Object value) {
    return switch (type) {
      case BOOLEAN -> (Boolean) value ? null : (Object) true;
      case TINYINT -> (Byte) value == Byte.MAX_VALUE ? null : (Object) (byte) ((Byte) value + 1);
      case SMALLINT ->
          (Short) value == Short.MAX_VALUE ? null : (Object) (short) ((Short) value + 1);
      case INT -> (Integer) value == Integer.MAX_VALUE ? null : (Object) ((Integer) value + 1);
      case BIGINT -> (Long) value == Long.MAX_VALUE ? null : (Object) ((Long) value + 1);
      case FLOAT -> next((Float) value);
      case DOUBLE -> next((Double) value);
      case DATE -> value.equals(LocalDate.MAX) ? null : ((LocalDate) value).plusDays(1);
      case INTERVAL_YEAR_MONTH -> {
        long months = ((Period) value).toTotalMonths();
        yield months >= Integer.MAX_VALUE ? null : Period.ofMonths((int) months + 1).normalized();
      }
      case INTERVAL_DAY_TIME -> {
        long millis = ((Duration) value).toMillis();
        yield millis == Long.MAX_VALUE ? null : Duration.ofMillis(millis + 1);
      }
    };
  }

  /** Negative zero comes before zero, and NaN after infinity. */
  private static @Nullable Object next(float value) {
    if (Float.isNaN(value)) {
      return null;
    }
    if (value == Float.POSITIVE_INFINITY) {
      return Float.NaN;
    }
    return Float.floatToIntBits(value) == Integer.MIN_VALUE ? (Object) 0f : ordered(value);
  }

  private static Object ordered(float value) {
    float next = Math.nextUp(value);
    return next == 0 ? (Object) (-0.0f) : next;
  }

  private static @Nullable Object next(double value) {
    if (Double.isNaN(value)) {
      return null;
    }
    if (value == Double.POSITIVE_INFINITY) {
      return Double.NaN;
    }
    if (Double.doubleToLongBits(value) == Long.MIN_VALUE) {
      return 0d;
    }
    double next = Math.nextUp(value);
    return next == 0 ? -0.0d : next;
  }

  private static BigInteger greatestUnscaled(DataType.Decimal type) {
    return BigInteger.TEN.pow(type.precision()).subtract(BigInteger.ONE);
  }
}
