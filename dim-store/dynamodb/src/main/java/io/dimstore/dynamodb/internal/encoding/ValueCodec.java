// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.encoding;

import io.dimstore.spi.DataType;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Converts between the values of a column type and native attributes. Values have the class that
 * the SPI lists for the type. Thread-safe.
 */
interface ValueCodec {

  /** The attribute that stores NULL. */
  AttributeValue NULL = AttributeValue.fromNul(true);

  /** Encodes a value that is not null. */
  AttributeValue encode(Object value);

  /**
   * Decodes an attribute other than {@link #NULL}.
   *
   * @throws RuntimeException of any class if the attribute is not a value of the type
   */
  Object decode(AttributeValue attribute);

  /** As {@link #encode}, but encodes null as {@link #NULL}. */
  default AttributeValue encodeNullable(@Nullable Object value) {
    return value == null ? NULL : encode(value);
  }

  /** As {@link #decode}, but decodes {@link #NULL} and a missing attribute as null. */
  default @Nullable Object decodeNullable(@Nullable AttributeValue attribute) {
    return attribute == null || Boolean.TRUE.equals(attribute.nul()) ? null : decode(attribute);
  }

  /** Returns the codec of a type. */
  static ValueCodec of(DataType type) {
    if (type instanceof DataType.Simple simple) {
      return switch (simple) {
        case BOOLEAN -> ScalarCodecs.BOOLEAN;
        case TINYINT -> ScalarCodecs.TINYINT;
        case SMALLINT -> ScalarCodecs.SMALLINT;
        case INT -> ScalarCodecs.INT;
        case BIGINT -> ScalarCodecs.BIGINT;
        case FLOAT -> ScalarCodecs.FLOAT;
        case DOUBLE -> ScalarCodecs.DOUBLE;
        case DATE -> TimeCodecs.DATE;
        case INTERVAL_YEAR_MONTH -> TimeCodecs.YEAR_MONTH;
        case INTERVAL_DAY_TIME -> TimeCodecs.DAY_TIME;
      };
    }
    if (type instanceof DataType.Decimal decimal) {
      return ScalarCodecs.decimal(decimal.scale());
    }
    if (type instanceof DataType.Text) {
      return ScalarCodecs.TEXT;
    }
    if (type instanceof DataType.Binary) {
      return ScalarCodecs.BYTES;
    }
    if (type instanceof DataType.Time) {
      return TimeCodecs.TIME;
    }
    if (type instanceof DataType.Timestamp) {
      return TimeCodecs.TIMESTAMP;
    }
    if (type instanceof DataType.TimestampLtz) {
      return TimeCodecs.TIMESTAMP_LTZ;
    }
    return NestedCodecs.of(type);
  }
}
