// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import io.dimstore.flink.internal.row.RowDataToValueConverter;
import io.dimstore.spi.Row;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.MapData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.MultisetType;
import org.jspecify.annotations.Nullable;

/**
 * Compares two values of a column as {@code =} does in Flink SQL. The comparison is by value and
 * does not depend on the classes that hold the values.
 *
 * <ul>
 *   <li>Plain values, elements of arrays and values of maps: {@code NaN} equals nothing, {@code
 *       -0.0} equals {@code 0.0}, and decimals are equal across scales. A null element or map value
 *       equals nothing.
 *   <li>Rows and keys of maps: they are equal if they are the same value. Null equals null, {@code
 *       NaN} equals {@code NaN}, and {@code -0.0} does not equal {@code 0.0}. For rows, this is
 *       what regular joins do. The operator of Flink 2.2 compares doubles in rows as plain values.
 * </ul>
 *
 * <p>Built once per column; thread-safe.
 */
@FunctionalInterface
interface SqlEquality {

  /** Returns whether two values in Flink's internal form are equal. Never called with null. */
  boolean test(Object left, Object right);

  /** Returns whether two values that may be null are equal. Null equals nothing. */
  default boolean testNullable(@Nullable Object left, @Nullable Object right) {
    return left != null && right != null && test(left, right);
  }

  /** Returns the comparison for a supported type. */
  static SqlEquality of(LogicalType type) {
    return switch (type.getTypeRoot()) {
      case FLOAT -> (left, right) -> ((Float) left).floatValue() == ((Float) right).floatValue();
      case DOUBLE ->
          (left, right) -> ((Double) left).doubleValue() == ((Double) right).doubleValue();
      case DECIMAL -> (left, right) -> ((DecimalData) left).compareTo((DecimalData) right) == 0;
      case BINARY, VARBINARY -> (left, right) -> Arrays.equals((byte[]) left, (byte[]) right);
      case ARRAY -> array(((ArrayType) type).getElementType());
      case MULTISET -> map(((MultisetType) type).getElementType(), new IntType(false));
      case MAP -> map(((MapType) type).getKeyType(), ((MapType) type).getValueType());
      case ROW -> {
        RowDataToValueConverter stored = RowDataToValueConverter.of(type);
        yield (left, right) -> stored.convert(left).equals(stored.convert(right));
      }
      default -> Object::equals;
    };
  }

  private static SqlEquality array(LogicalType element) {
    SqlEquality equality = of(element);
    ArrayData.ElementGetter getter = ArrayData.createElementGetter(element.copy(true));
    return (left, right) -> {
      ArrayData one = (ArrayData) left;
      ArrayData other = (ArrayData) right;
      if (one.size() != other.size()) {
        return false;
      }
      for (int i = 0; i < one.size(); i++) {
        if (!equality.testNullable(
            getter.getElementOrNull(one, i), getter.getElementOrNull(other, i))) {
          return false;
        }
      }
      return true;
    };
  }

  private static SqlEquality map(LogicalType key, LogicalType value) {
    RowDataToValueConverter keys = RowDataToValueConverter.of(key);
    SqlEquality equality = of(value);
    ArrayData.ElementGetter keyOf = ArrayData.createElementGetter(key.copy(true));
    ArrayData.ElementGetter valueOf = ArrayData.createElementGetter(value.copy(true));
    return (left, right) -> {
      MapData one = (MapData) left;
      MapData other = (MapData) right;
      if (one.size() != other.size()) {
        return false;
      }
      Map<Row, @Nullable Object> found = new HashMap<>();
      for (int i = 0; i < other.size(); i++) {
        found.put(
            hashable(keys, keyOf.getElementOrNull(other.keyArray(), i)),
            valueOf.getElementOrNull(other.valueArray(), i));
      }
      for (int i = 0; i < one.size(); i++) {
        Row wanted = hashable(keys, keyOf.getElementOrNull(one.keyArray(), i));
        if (!equality.testNullable(
            valueOf.getElementOrNull(one.valueArray(), i), found.get(wanted))) {
          return false;
        }
      }
      return true;
    };
  }

  /** Wraps a map key in an object whose {@code equals} and {@code hashCode} compare by value. */
  private static Row hashable(RowDataToValueConverter keys, @Nullable Object key) {
    return Row.of(key == null ? null : keys.convert(key));
  }
}
