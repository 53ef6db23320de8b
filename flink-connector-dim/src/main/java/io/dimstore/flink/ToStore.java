package io.dimstore.flink;

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
 * Turns a value from Flink's internal form into the class that stores have for its type. The result
 * shares nothing with a row that Flink may use again. Built once per column; thread-safe.
 */
@FunctionalInterface
interface ToStore {

  /** The value; never called for null. */
  Object convert(Object internal);

  /** The conversion of a supported type. Times are cut to the type's precision, as a cast does. */
  static ToStore of(LogicalType type) {
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

  private static ToStore decimal(DecimalType type) {
    int scale = type.getScale();
    return value -> {
      BigDecimal decimal = ((DecimalData) value).toBigDecimal();
      return decimal.scale() == scale ? decimal : decimal.setScale(scale, RoundingMode.UNNECESSARY);
    };
  }

  private static ToStore time(TimeType type) {
    int unit = nanosOf(type.getPrecision());
    return value -> {
      LocalTime time = LocalTime.ofNanoOfDay((Integer) value * 1_000_000L);
      return time.withNano(time.getNano() - time.getNano() % unit);
    };
  }

  private static ToStore timestamp(TimestampType type) {
    int unit = nanosOf(type.getPrecision());
    return value -> {
      LocalDateTime time = ((TimestampData) value).toLocalDateTime();
      return time.withNano(time.getNano() - time.getNano() % unit);
    };
  }

  private static ToStore instant(LocalZonedTimestampType type) {
    int unit = nanosOf(type.getPrecision());
    return value -> {
      Instant time = ((TimestampData) value).toInstant();
      return time.minusNanos(time.getNano() % unit);
    };
  }

  private static ToStore map(LogicalType keyType, LogicalType valueType) {
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

  /** The elements of an array, each of which may be null. */
  final class Elements {

    private final ArrayData.ElementGetter getter;
    private final ToStore converter;

    Elements(LogicalType type) {
      this.getter = ArrayData.createElementGetter(type.copy(true));
      this.converter = ToStore.of(type);
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

  /** Some fields of a row, each of which may be null, whatever its type says. */
  final class Fields {

    private final RowData.FieldGetter[] getters;
    private final ToStore[] converters;

    /** The fields at these positions. */
    Fields(List<LogicalType> types, int[] positions) {
      this.getters = new RowData.FieldGetter[positions.length];
      this.converters = new ToStore[positions.length];
      for (int i = 0; i < positions.length; i++) {
        LogicalType type = types.get(i);
        getters[i] = RowData.createFieldGetter(type.copy(true), positions[i]);
        converters[i] = ToStore.of(type);
      }
    }

    static Fields ofAll(List<LogicalType> types) {
      int[] positions = new int[types.size()];
      java.util.Arrays.setAll(positions, i -> i);
      return new Fields(types, positions);
    }

    int size() {
      return getters.length;
    }

    @Nullable Object get(RowData data, int i) {
      Object value = getters[i].getFieldOrNull(data);
      return value == null ? null : converters[i].convert(value);
    }

    Row row(RowData data) {
      @Nullable Object[] values = new @Nullable Object[getters.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = get(data, i);
      }
      return Row.of(values);
    }
  }
}
