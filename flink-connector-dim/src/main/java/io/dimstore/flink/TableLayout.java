package io.dimstore.flink;

import io.dimstore.spi.Column;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.types.logical.LogicalType;

/**
 * A table in the form that travels: its physical columns and its key.
 *
 * @param table the table's name in the store
 * @param names of the physical columns
 * @param types of the physical columns
 * @param key positions of the key columns, in key order
 * @param options the store's options of table scope, checked, without the prefix
 */
record TableLayout(
    String table,
    List<String> names,
    List<LogicalType> types,
    List<Integer> key,
    Map<String, String> options)
    implements Serializable {

  TableLayout {
    names = List.copyOf(names);
    types = List.copyOf(types);
    key = List.copyOf(key);
    options = Map.copyOf(options);
  }

  /**
   * The table as the store is told of it.
   *
   * @throws ValidationException naming the column whose type cannot be stored, or be a key
   */
  TableSpec spec() {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      columns.add(TypeMapping.column(names.get(i), types.get(i)));
    }
    try {
      return new TableSpec(table, columns, key.stream().map(names::get).toList(), options);
    } catch (StoreException e) {
      throw new ValidationException(e.getMessage(), e);
    }
  }

  /** Positions of the columns that are not in the key, in table order. */
  int[] values() {
    return java.util.stream.IntStream.range(0, names.size())
        .filter(i -> !key.contains(i))
        .toArray();
  }

  /** Types of the columns at these positions. */
  List<LogicalType> typesAt(int[] positions) {
    return java.util.Arrays.stream(positions).mapToObj(types::get).toList();
  }

  /** Positions of the key columns, in key order. */
  int[] keyPositions() {
    return key.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public String toString() {
    return "table '" + table + "'";
  }
}
