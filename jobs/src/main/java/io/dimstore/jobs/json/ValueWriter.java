// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.MapData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeFamily;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.RowType;
import org.jspecify.annotations.Nullable;

/** Writes values of one SQL type. */
interface ValueWriter extends Serializable {

  /** Writes a value, which is not null, in Flink's internal data structures. */
  void write(JsonGenerator json, Object value) throws IOException;

  /** Writes a value, or null. */
  default void writeNullable(JsonGenerator json, @Nullable Object value) throws IOException {
    if (value == null) {
      json.writeNull();
    } else {
      write(json, value);
    }
  }

  /**
   * Returns the writer of a type.
   *
   * @param path the path of the field, for messages
   * @throws ValidationException if JSON has no value of the type
   */
  static ValueWriter of(LogicalType type, String path) {
    return switch (type.getTypeRoot()) {
      case NULL -> (json, value) -> json.writeNull();
      case BOOLEAN -> (json, value) -> json.writeBoolean((Boolean) value);
      case TINYINT, SMALLINT, INTEGER, INTERVAL_YEAR_MONTH ->
          (json, value) -> json.writeNumber(((Number) value).intValue());
      case BIGINT, INTERVAL_DAY_TIME -> (json, value) -> json.writeNumber((Long) value);
      case FLOAT -> (json, value) -> json.writeNumber((Float) value);
      case DOUBLE -> (json, value) -> json.writeNumber((Double) value);
      case DECIMAL -> (json, value) -> json.writeNumber(plain((DecimalData) value));
      case CHAR, VARCHAR -> (json, value) -> Texts.write(json, (StringData) value);
      case BINARY, VARBINARY -> (json, value) -> json.writeBinary((byte[]) value);
      case DATE ->
          (json, value) ->
              json.writeString(
                  DateTimeFormatter.ISO_LOCAL_DATE.format(LocalDate.ofEpochDay((Integer) value)));
      case TIME_WITHOUT_TIME_ZONE ->
          (json, value) ->
              json.writeString(
                  DateTimeFormatter.ISO_LOCAL_TIME.format(
                      LocalTime.ofSecondOfDay((Integer) value / 1000)));
      case TIMESTAMP_WITHOUT_TIME_ZONE ->
          (json, value) -> Texts.write(json, (TimestampData) value, "");
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE ->
          (json, value) -> Texts.write(json, (TimestampData) value, "Z");
      case ARRAY -> array(((ArrayType) type).getElementType(), path);
      case MAP -> map((MapType) type, path);
      case ROW -> {
        FieldWriters fields = new FieldWriters((RowType) type, path + ".");
        yield (json, value) -> fields.write(json, (RowData) value);
      }
      default -> throw refused(type, path);
    };
  }

  private static ValidationException refused(LogicalType type, String path) {
    return new ValidationException(
        "Format '"
            + StreamingJsonFactory.IDENTIFIER
            + "' cannot write column '"
            + path
            + "' of type "
            + type.asSummaryString()
            + ". Remedy: use the format 'json', or convert the column.");
  }

  private static BigDecimal plain(DecimalData value) {
    BigDecimal number = value.toBigDecimal();
    return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
  }

  private static ValueWriter array(LogicalType type, String path) {
    ValueWriter element = of(type, path);
    ArrayData.ElementGetter getter = ArrayData.createElementGetter(type);
    return (json, value) -> {
      ArrayData array = (ArrayData) value;
      json.writeStartArray();
      for (int i = 0; i < array.size(); i++) {
        element.writeNullable(json, getter.getElementOrNull(array, i));
      }
      json.writeEndArray();
    };
  }

  private static ValueWriter map(MapType type, String path) {
    if (!type.getKeyType().is(LogicalTypeFamily.CHARACTER_STRING)) {
      throw refused(type, path);
    }
    ValueWriter element = of(type.getValueType(), path);
    ArrayData.ElementGetter getter = ArrayData.createElementGetter(type.getValueType());
    return (json, value) -> {
      MapData map = (MapData) value;
      ArrayData keys = map.keyArray();
      ArrayData values = map.valueArray();
      json.writeStartObject();
      for (int i = 0; i < map.size(); i++) {
        if (keys.isNullAt(i)) {
          throw new IOException("The map in column '" + path + "' has a null key");
        }
        json.writeFieldName(keys.getString(i).toString());
        element.writeNullable(json, getter.getElementOrNull(values, i));
      }
      json.writeEndObject();
    };
  }
}
