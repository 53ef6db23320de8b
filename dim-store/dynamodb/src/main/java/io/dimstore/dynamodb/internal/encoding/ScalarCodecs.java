// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.encoding;

import java.math.BigDecimal;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Codecs of booleans, numbers, text and bytes. */
public final class ScalarCodecs {

  static final ValueCodec BOOLEAN =
      of(
          value -> AttributeValue.fromBool((Boolean) value),
          attribute -> required(attribute.bool(), attribute));

  static final ValueCodec TINYINT = whole(Byte.MIN_VALUE, Byte.MAX_VALUE, Long::byteValue);

  static final ValueCodec SMALLINT = whole(Short.MIN_VALUE, Short.MAX_VALUE, Long::shortValue);

  static final ValueCodec INT = whole(Integer.MIN_VALUE, Integer.MAX_VALUE, Long::intValue);

  static final ValueCodec BIGINT = whole(Long.MIN_VALUE, Long.MAX_VALUE, number -> number);

  static final ValueCodec FLOAT =
      of(
          value -> floating((Float) value, value.toString()),
          attribute -> Float.parseFloat(numberOrText(attribute)));

  static final ValueCodec DOUBLE =
      of(
          value -> floating((Double) value, value.toString()),
          attribute -> Double.parseDouble(numberOrText(attribute)));

  static final ValueCodec TEXT =
      of(
          value -> AttributeValue.fromS((String) value),
          attribute -> required(attribute.s(), attribute));

  static final ValueCodec BYTES =
      of(
          value -> AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe((byte[]) value)),
          attribute -> required(attribute.b(), attribute).asByteArrayUnsafe());

  private ScalarCodecs() {}

  /** Returns a codec that restores the column's scale, since the service drops trailing zeros. */
  static ValueCodec decimal(int scale) {
    return of(
        value -> AttributeValue.fromN(((BigDecimal) value).toPlainString()),
        attribute -> new BigDecimal(number(attribute)).setScale(scale));
  }

  /** Returns the text of an N attribute; throws for other types. */
  static String number(AttributeValue attribute) {
    return required(attribute.n(), attribute);
  }

  /** Returns the whole number of an N attribute, in any notation such as 1E3. */
  public static long wholeNumber(AttributeValue attribute) {
    String text = number(attribute);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && c != '-') {
        return new BigDecimal(text).longValueExact();
      }
    }
    return Long.parseLong(text);
  }

  /** Returns the held value, or throws if it is null because the attribute has another type. */
  static <T> T required(@Nullable T held, AttributeValue attribute) {
    if (held == null) {
      throw new IllegalArgumentException("is an attribute of type " + attribute.type());
    }
    return held;
  }

  static ValueCodec of(
      Function<Object, AttributeValue> encode, Function<AttributeValue, Object> decode) {
    return new ValueCodec() {
      @Override
      public AttributeValue encode(Object value) {
        return encode.apply(value);
      }

      @Override
      public Object decode(AttributeValue attribute) {
        return Objects.requireNonNull(decode.apply(attribute));
      }
    };
  }

  private static ValueCodec whole(long min, long max, Function<Long, Object> narrow) {
    return of(
        value -> AttributeValue.fromN(value.toString()),
        attribute -> {
          long number = wholeNumber(attribute);
          if (number < min || number > max) {
            throw new IllegalArgumentException(number + " is outside " + min + " to " + max);
          }
          return narrow.apply(number);
        });
  }

  /**
   * Encodes a floating point number as N if N can hold it: it must be finite, not negative zero,
   * and 0 or of a magnitude in [1E-130, 1E126). Other numbers are encoded as S, in the notation of
   * {@code toString}.
   */
  private static AttributeValue floating(double value, String text) {
    double magnitude = Math.abs(value);
    boolean isNumber =
        value == 0
            ? Double.doubleToRawLongBits(value) == 0
            : magnitude >= 1E-130 && magnitude < 1E126;
    return isNumber ? AttributeValue.fromN(text) : AttributeValue.fromS(text);
  }

  private static String numberOrText(AttributeValue attribute) {
    String number = attribute.n();
    return number == null ? required(attribute.s(), attribute) : number;
  }
}
