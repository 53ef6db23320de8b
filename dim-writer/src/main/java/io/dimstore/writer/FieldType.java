package io.dimstore.writer;

import io.dimstore.spi.DataType;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.table.api.DataTypes;

/** What a field of a change can be, in JSON, in SQL and in a store. */
public enum FieldType {
  /** A JSON string; {@code STRING}. */
  TEXT,
  /** A JSON number without fraction or exponent, of 32 bits; {@code INT}. */
  INT,
  /** A JSON number without fraction or exponent, of 64 bits; {@code BIGINT}. */
  BIGINT;

  org.apache.flink.table.types.DataType sqlType() {
    return switch (this) {
      case TEXT -> DataTypes.STRING();
      case INT -> DataTypes.INT();
      case BIGINT -> DataTypes.BIGINT();
    };
  }

  DataType storeType() {
    return switch (this) {
      case TEXT -> DataType.STRING;
      case INT -> DataType.Simple.INT;
      case BIGINT -> DataType.Simple.BIGINT;
    };
  }

  TypeInformation<?> rowType() {
    return switch (this) {
      case TEXT -> Types.STRING;
      case INT -> Types.INT;
      case BIGINT -> Types.LONG;
    };
  }
}
