// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LocalZonedTimestampType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.MultisetType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.TimeType;
import org.apache.flink.table.types.logical.TimestampType;

/** Maps SQL types to the column types of stores. */
public final class DimTypes {

  private DimTypes() {}

  /**
   * Returns the store's column for a column of the table.
   *
   * @throws ValidationException if no store supports the type; the message names the column
   */
  public static Column column(String name, LogicalType type) {
    return new Column(name, dataType(name, type));
  }

  private static DataType dataType(String column, LogicalType type) {
    return switch (type.getTypeRoot()) {
      case BOOLEAN -> DataType.Simple.BOOLEAN;
      case TINYINT -> DataType.Simple.TINYINT;
      case SMALLINT -> DataType.Simple.SMALLINT;
      case INTEGER -> DataType.Simple.INT;
      case BIGINT -> DataType.Simple.BIGINT;
      case FLOAT -> DataType.Simple.FLOAT;
      case DOUBLE -> DataType.Simple.DOUBLE;
      case DATE -> DataType.Simple.DATE;
      case INTERVAL_YEAR_MONTH -> DataType.Simple.INTERVAL_YEAR_MONTH;
      case INTERVAL_DAY_TIME -> DataType.Simple.INTERVAL_DAY_TIME;
      case CHAR, VARCHAR -> DataType.STRING;
      case BINARY, VARBINARY -> DataType.BYTES;
      case DECIMAL -> {
        DecimalType decimal = (DecimalType) type;
        yield new DataType.Decimal(decimal.getPrecision(), decimal.getScale());
      }
      case TIME_WITHOUT_TIME_ZONE -> new DataType.Time(((TimeType) type).getPrecision());
      case TIMESTAMP_WITHOUT_TIME_ZONE ->
          new DataType.Timestamp(((TimestampType) type).getPrecision());
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE ->
          new DataType.TimestampLtz(((LocalZonedTimestampType) type).getPrecision());
      case ARRAY -> new DataType.Array(dataType(column, ((ArrayType) type).getElementType()));
      case MULTISET ->
          new DataType.Multiset(dataType(column, ((MultisetType) type).getElementType()));
      case MAP -> {
        MapType map = (MapType) type;
        yield new DataType.MapOf(
            dataType(column, map.getKeyType()), dataType(column, map.getValueType()));
      }
      case ROW -> row(column, (RowType) type);
      default ->
          throw new ValidationException(
              "Column '"
                  + column
                  + "' has type "
                  + type.asSummaryString()
                  + ", which dimension stores do not keep. Remedy: cast it to another type, for"
                  + " instance "
                  + remedy(type)
                  + ".");
    };
  }

  private static DataType row(String column, RowType type) {
    List<Column> fields = new ArrayList<>(type.getFieldCount());
    for (RowType.RowField field : type.getFields()) {
      fields.add(
          new Column(field.getName(), dataType(column + "." + field.getName(), field.getType())));
    }
    return new DataType.RowOf(fields);
  }

  private static String remedy(LogicalType type) {
    return switch (type.getTypeRoot()) {
      case TIMESTAMP_WITH_TIME_ZONE -> "TIMESTAMP_LTZ";
      case STRUCTURED_TYPE -> "ROW";
      default -> "STRING or BYTES";
    };
  }
}
