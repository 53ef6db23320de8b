// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.records;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.MultisetType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.utils.LogicalTypeChecks;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON values of one SQL type, into the class that a {@link org.apache.flink.types.Row} has
 * for the type. Refuses every value that the type does not hold exactly, instead of rounding,
 * truncating or converting it. Not thread-safe.
 */
interface JsonValue {

  /**
   * Reads the value at which the parser stands, which is not null. Leaves the parser at the last
   * token of the value.
   *
   * @throws BadRecord if the value is not one of the type; the detail names the column
   * @throws IOException if the text is not well-formed JSON
   */
  Object read(JsonParser json) throws BadRecord, IOException;

  /**
   * Reads a value from the name of a JSON field, or from the key of a record. There, a text has no
   * quotes.
   */
  Object ofText(String text) throws BadRecord;

  /** Reads a value that may be null. */
  static @Nullable Object readOrNull(
      JsonValue value, boolean nullable, String path, JsonParser json)
      throws BadRecord, IOException {
    if (json.currentToken() != JsonToken.VALUE_NULL) {
      return value.read(json);
    }
    if (!nullable) {
      throw new BadRecord(ChangeReason.MISSING_FIELD, path);
    }
    return null;
  }

  /**
   * Returns a reader.
   *
   * @param path the name of the column or, of a nested value, the column's name and the place
   *     inside it. Dead letters contain it
   * @param maxLength the most characters of a text, and the most bytes of binary data
   * @throws IllegalArgumentException if JSON has no form for the type; the message names the column
   */
  static JsonValue of(String path, LogicalType type, int maxLength) {
    return switch (type.getTypeRoot()) {
      case CHAR, VARCHAR ->
          JsonText.string(path, LogicalTypeChecks.getLength(type), isFixed(type), maxLength);
      case BINARY, VARBINARY ->
          JsonText.bytes(path, LogicalTypeChecks.getLength(type), isFixed(type), maxLength);
      case DATE -> JsonText.date(path);
      case TIME_WITHOUT_TIME_ZONE -> JsonText.time(path, LogicalTypeChecks.getPrecision(type));
      case TIMESTAMP_WITHOUT_TIME_ZONE ->
          JsonText.timestamp(path, LogicalTypeChecks.getPrecision(type));
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE ->
          JsonText.instant(path, LogicalTypeChecks.getPrecision(type));
      case BOOLEAN -> JsonNumber.bool(path);
      case TINYINT, SMALLINT, INTEGER, BIGINT, INTERVAL_YEAR_MONTH, INTERVAL_DAY_TIME ->
          JsonNumber.whole(path, type);
      case DECIMAL -> JsonNumber.decimal(path, (DecimalType) type);
      case FLOAT -> JsonNumber.single(path);
      case DOUBLE -> JsonNumber.twice(path);
      case ARRAY -> JsonNested.array(path, ((ArrayType) type).getElementType(), maxLength);
      case MAP ->
          JsonNested.map(
              path, ((MapType) type).getKeyType(), ((MapType) type).getValueType(), maxLength);
      case MULTISET ->
          JsonNested.map(
              path, ((MultisetType) type).getElementType(), new IntType(false), maxLength);
      case ROW -> JsonNested.row(path, (RowType) type, maxLength);
      default ->
          throw new IllegalArgumentException(
              "column '"
                  + path
                  + "' is "
                  + type.asSummaryString()
                  + ", a type that changes in JSON cannot hold");
    };
  }

  private static boolean isFixed(LogicalType type) {
    return switch (type.getTypeRoot()) {
      case CHAR, BINARY -> true;
      default -> false;
    };
  }
}
