// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.row;

import io.dimstore.spi.Row;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.MultisetType;
import org.apache.flink.table.types.logical.RowType;
import org.jspecify.annotations.Nullable;

/**
 * Converts a store's value to Flink's internal form. The result is a new object on each call,
 * because an operator may modify it. Built once per column; thread-safe.
 */
@FunctionalInterface
public interface ValueToRowDataConverter {

  /** Returns the value in Flink's form. Never called with null. */
  Object convert(Object value);

  /** Converts a value that may be null. Null stays null. */
  default @Nullable Object orNull(@Nullable Object value) {
    return value == null ? null : convert(value);
  }

  /** Returns the converter for a supported type. */
  static ValueToRowDataConverter of(LogicalType type) {
    return switch (type.getTypeRoot()) {
      case CHAR, VARCHAR -> value -> StringData.fromString((String) value);
      case BINARY, VARBINARY -> value -> ((byte[]) value).clone();
      case DECIMAL -> decimal((DecimalType) type);
      case DATE -> value -> Math.toIntExact(((LocalDate) value).toEpochDay());
      case TIME_WITHOUT_TIME_ZONE ->
          value -> (int) (((LocalTime) value).toNanoOfDay() / 1_000_000L);
      case TIMESTAMP_WITHOUT_TIME_ZONE ->
          value -> TimestampData.fromLocalDateTime((LocalDateTime) value);
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> value -> TimestampData.fromInstant((Instant) value);
      case INTERVAL_YEAR_MONTH -> value -> Math.toIntExact(((Period) value).toTotalMonths());
      case INTERVAL_DAY_TIME -> value -> ((Duration) value).toMillis();
      case ARRAY -> array(of(((ArrayType) type).getElementType()));
      case MULTISET -> map(of(((MultisetType) type).getElementType()), of(new IntType()));
      case MAP -> map(of(((MapType) type).getKeyType()), of(((MapType) type).getValueType()));
      case ROW -> row((RowType) type);
      default -> value -> value;
    };
  }

  private static ValueToRowDataConverter decimal(DecimalType type) {
    int precision = type.getPrecision();
    int scale = type.getScale();
    return value -> {
      DecimalData decimal = DecimalData.fromBigDecimal((BigDecimal) value, precision, scale);
      if (decimal == null) {
        throw new IllegalStateException(
            "The stored number " + value + " does not fit " + type.asSummaryString());
      }
      return decimal;
    };
  }

  private static ValueToRowDataConverter array(ValueToRowDataConverter element) {
    return value -> {
      List<?> list = (List<?>) value;
      @Nullable Object[] elements = new @Nullable Object[list.size()];
      for (int i = 0; i < elements.length; i++) {
        elements[i] = element.orNull(list.get(i));
      }
      return new GenericArrayData(elements);
    };
  }

  private static ValueToRowDataConverter map(
      ValueToRowDataConverter keys, ValueToRowDataConverter values) {
    return value -> {
      Map<?, ?> stored = (Map<?, ?>) value;
      Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>(stored.size() * 2);
      stored.forEach((key, held) -> map.put(keys.orNull(key), values.orNull(held)));
      return new GenericMapData(map);
    };
  }

  private static ValueToRowDataConverter row(RowType type) {
    ValueToRowDataConverter[] fields =
        type.getChildren().stream()
            .map(ValueToRowDataConverter::of)
            .toArray(ValueToRowDataConverter[]::new);
    return value -> {
      Row row = (Row) value;
      GenericRowData data = new GenericRowData(fields.length);
      for (int i = 0; i < fields.length; i++) {
        data.setField(i, fields[i].orNull(row.get(i)));
      }
      return data;
    };
  }
}
