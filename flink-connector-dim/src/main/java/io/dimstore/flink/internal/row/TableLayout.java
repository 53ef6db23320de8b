// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.row;

import io.dimstore.flink.DimTypes;
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
 * The serializable description of a table's physical columns and key.
 *
 * @param table the table's name in the store
 * @param names of the physical columns
 * @param types of the physical columns
 * @param key positions of the key columns, in key order
 * @param options the store's options of table scope, checked, without the prefix
 */
public record TableLayout(
    String table,
    List<String> names,
    List<LogicalType> types,
    List<Integer> key,
    Map<String, String> options)
    implements Serializable {

  public TableLayout {
    names = List.copyOf(names);
    types = List.copyOf(types);
    key = List.copyOf(key);
    options = Map.copyOf(options);
  }

  /**
   * Returns the description of the table that is passed to the store.
   *
   * @throws ValidationException if a column's type cannot be stored or cannot be part of a key; the
   *     message names the column
   */
  public TableSpec spec() {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      columns.add(DimTypes.column(names.get(i), types.get(i)));
    }
    try {
      return new TableSpec(table, columns, key.stream().map(names::get).toList(), options);
    } catch (StoreException e) {
      throw new ValidationException(e.getMessage(), e);
    }
  }

  /** Returns the positions of the columns that are not in the key, in table order. */
  public int[] values() {
    return java.util.stream.IntStream.range(0, names.size())
        .filter(i -> !key.contains(i))
        .toArray();
  }

  /** Returns the types of the columns at these positions. */
  public List<LogicalType> typesAt(int[] positions) {
    return java.util.Arrays.stream(positions).mapToObj(types::get).toList();
  }

  /** Returns the positions of the key columns, in key order. */
  public int[] keyPositions() {
    return key.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public String toString() {
    return "table '" + table + "'";
  }
}
