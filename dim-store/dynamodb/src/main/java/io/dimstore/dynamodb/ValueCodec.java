package io.dimstore.dynamodb;

import io.dimstore.spi.DataType;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * One column type as a native attribute. Values are of the class that the SPI lists for the type.
 */
interface ValueCodec {

  /** The attribute of NULL. */
  AttributeValue NULL = AttributeValue.fromNul(true);

  /** The attribute that holds this value. */
  AttributeValue encode(Object value);

  /**
   * The value that this attribute holds, which is not the one of NULL.
   *
   * @throws RuntimeException of any class when the attribute does not hold such a value
   */
  Object decode(AttributeValue attribute);

  /** As {@link #encode}, and null is NULL. */
  default AttributeValue encodeNullable(@Nullable Object value) {
    return value == null ? NULL : encode(value);
  }

  /** As {@link #decode}, and NULL or no attribute at all is null. */
  default @Nullable Object decodeNullable(@Nullable AttributeValue attribute) {
    return attribute == null || Boolean.TRUE.equals(attribute.nul()) ? null : decode(attribute);
  }

  /** The codec of a type. */
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
