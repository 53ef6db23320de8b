package io.dimstore.flink;

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
 * Turns a store's value into Flink's internal form. The result is new on each call, so that nobody
 * shares what an operator may change. Built once per column; thread-safe.
 */
@FunctionalInterface
interface FromStore {

  /** The value in Flink's form; never called for null. */
  Object convert(Object value);

  /** The same for a value that may be null. */
  default @Nullable Object orNull(@Nullable Object value) {
    return value == null ? null : convert(value);
  }

  /** The conversion of a supported type. */
  static FromStore of(LogicalType type) {
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

  private static FromStore decimal(DecimalType type) {
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

  private static FromStore array(FromStore element) {
    return value -> {
      List<?> list = (List<?>) value;
      @Nullable Object[] elements = new @Nullable Object[list.size()];
      for (int i = 0; i < elements.length; i++) {
        elements[i] = element.orNull(list.get(i));
      }
      return new GenericArrayData(elements);
    };
  }

  private static FromStore map(FromStore keys, FromStore values) {
    return value -> {
      Map<?, ?> stored = (Map<?, ?>) value;
      Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>(stored.size() * 2);
      stored.forEach((key, held) -> map.put(keys.orNull(key), values.orNull(held)));
      return new GenericMapData(map);
    };
  }

  private static FromStore row(RowType type) {
    FromStore[] fields = type.getChildren().stream().map(FromStore::of).toArray(FromStore[]::new);
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
