// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.row;

import io.dimstore.spi.Row;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.MapData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.LocalZonedTimestampType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.MultisetType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.TimeType;
import org.apache.flink.table.types.logical.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Converts a value from Flink's internal form to the class that stores use for its type. The result
 * shares no memory with the row, because Flink may reuse the row. Built once per column;
 * thread-safe.
 */
@FunctionalInterface
public interface RowDataToValueConverter {

  /** Returns the converted value. Never called with null. */
  Object convert(Object internal);

  /**
   * Returns the converter for a supported type. It truncates times to the type's precision, as a
   * cast does.
   */
  static RowDataToValueConverter of(LogicalType type) {
    return switch (type.getTypeRoot()) {
      case CHAR, VARCHAR -> Object::toString;
      case BINARY, VARBINARY -> value -> ((byte[]) value).clone();
      case DECIMAL -> decimal((DecimalType) type);
      case DATE -> value -> LocalDate.ofEpochDay((Integer) value);
      case TIME_WITHOUT_TIME_ZONE -> time((TimeType) type);
      case TIMESTAMP_WITHOUT_TIME_ZONE -> timestamp((TimestampType) type);
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> instant((LocalZonedTimestampType) type);
      case INTERVAL_YEAR_MONTH -> value -> Period.ofMonths((Integer) value).normalized();
      case INTERVAL_DAY_TIME -> value -> Duration.ofMillis((Long) value);
      case ARRAY -> {
        Elements elements = new Elements(((ArrayType) type).getElementType());
        yield value -> Collections.unmodifiableList(elements.list((ArrayData) value));
      }
      case MULTISET -> map(((MultisetType) type).getElementType(), new IntType());
      case MAP -> map(((MapType) type).getKeyType(), ((MapType) type).getValueType());
      case ROW -> {
        Fields fields = Fields.ofAll(((RowType) type).getChildren());
        yield value -> fields.row((RowData) value);
      }
      default -> value -> value;
    };
  }

  private static RowDataToValueConverter decimal(DecimalType type) {
    int scale = type.getScale();
    return value -> {
      BigDecimal decimal = ((DecimalData) value).toBigDecimal();
      return decimal.scale() == scale ? decimal : decimal.setScale(scale, RoundingMode.UNNECESSARY);
    };
  }

  private static RowDataToValueConverter time(TimeType type) {
    int unit = nanosOf(type.getPrecision());
    return value -> {
      LocalTime time = LocalTime.ofNanoOfDay((Integer) value * 1_000_000L);
      return time.withNano(time.getNano() - time.getNano() % unit);
    };
  }

  private static RowDataToValueConverter timestamp(TimestampType type) {
    int unit = nanosOf(type.getPrecision());
    return value -> {
      LocalDateTime time = ((TimestampData) value).toLocalDateTime();
      return time.withNano(time.getNano() - time.getNano() % unit);
    };
  }

  private static RowDataToValueConverter instant(LocalZonedTimestampType type) {
    int unit = nanosOf(type.getPrecision());
    return value -> {
      Instant time = ((TimestampData) value).toInstant();
      return time.minusNanos(time.getNano() % unit);
    };
  }

  private static RowDataToValueConverter map(LogicalType keyType, LogicalType valueType) {
    Elements keys = new Elements(keyType);
    Elements values = new Elements(valueType);
    return value -> {
      MapData data = (MapData) value;
      List<@Nullable Object> keyList = keys.list(data.keyArray());
      List<@Nullable Object> valueList = values.list(data.valueArray());
      Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>(keyList.size() * 2);
      for (int i = 0; i < keyList.size(); i++) {
        map.put(keyList.get(i), valueList.get(i));
      }
      return Collections.unmodifiableMap(map);
    };
  }

  private static int nanosOf(int precision) {
    int unit = 1;
    for (int digits = precision; digits < 9; digits++) {
      unit *= 10;
    }
    return unit;
  }

  /** Converts the elements of an array. Each element may be null. */
  final class Elements {

    private final ArrayData.ElementGetter getter;
    private final RowDataToValueConverter converter;

    Elements(LogicalType type) {
      this.getter = ArrayData.createElementGetter(type.copy(true));
      this.converter = RowDataToValueConverter.of(type);
    }

    List<@Nullable Object> list(ArrayData data) {
      List<@Nullable Object> list = new ArrayList<>(data.size());
      for (int i = 0; i < data.size(); i++) {
        Object element = getter.getElementOrNull(data, i);
        list.add(element == null ? null : converter.convert(element));
      }
      return list;
    }
  }

  /**
   * Converts some fields of a row. Each field may be null, even if its type is declared NOT NULL.
   */
  final class Fields {

    private final RowData.FieldGetter[] getters;
    private final RowDataToValueConverter[] converters;

    /** Creates a converter of the fields at these positions. */
    public Fields(List<LogicalType> types, int[] positions) {
      this.getters = new RowData.FieldGetter[positions.length];
      this.converters = new RowDataToValueConverter[positions.length];
      for (int i = 0; i < positions.length; i++) {
        LogicalType type = types.get(i);
        getters[i] = RowData.createFieldGetter(type.copy(true), positions[i]);
        converters[i] = RowDataToValueConverter.of(type);
      }
    }

    public static Fields ofAll(List<LogicalType> types) {
      int[] positions = new int[types.size()];
      java.util.Arrays.setAll(positions, i -> i);
      return new Fields(types, positions);
    }

    public int size() {
      return getters.length;
    }

    @Nullable
    public Object get(RowData data, int i) {
      Object value = getters[i].getFieldOrNull(data);
      return value == null ? null : converters[i].convert(value);
    }

    public Row row(RowData data) {
      @Nullable Object[] values = new @Nullable Object[getters.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = get(data, i);
      }
      return Row.of(values);
    }
  }
}
