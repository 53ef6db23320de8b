// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Declares a table: its name, columns, key and options of table scope. Immutable.
 *
 * @param name the table's name in the store
 * @param columns all columns, key included, names distinct
 * @param keyColumns names of the key columns, in the order in which a {@link Key} has them; at
 *     least one
 * @param options the store's options of {@link StoreOption.Scope#TABLE}, as text
 */
public record TableSpec(
    String name, List<Column> columns, List<String> keyColumns, Map<String, String> options) {

  /**
   * Checks the spec as far as that is possible without a store, and copies the collections.
   *
   * @throws StoreException INVALID if a name, the columns or the key are wrong
   */
  public TableSpec {
    columns = List.copyOf(columns);
    keyColumns = List.copyOf(keyColumns);
    options = Map.copyOf(options);
    if (name.isEmpty()) {
      throw StoreException.invalid("A table needs a name");
    }
    Set<String> names = new HashSet<>();
    for (Column column : columns) {
      if (!names.add(column.name())) {
        throw StoreException.invalid("Table " + name + " names column " + column.name() + " twice");
      }
    }
    if (keyColumns.isEmpty() || new HashSet<>(keyColumns).size() != keyColumns.size()) {
      throw StoreException.invalid("Table " + name + " needs a key of distinct columns");
    }
    for (String key : keyColumns) {
      if (!names.contains(key)) {
        throw StoreException.invalid("Table " + name + " has no column for its key " + key);
      }
    }
    for (Column column : columns) {
      if (keyColumns.contains(column.name()) && !column.type().isAtomic()) {
        throw StoreException.invalid(
            "Key column " + column.name() + " of table " + name + " is a " + column.type());
      }
    }
  }

  /** Declares a table without options. */
  public TableSpec(String name, List<Column> columns, List<String> keyColumns) {
    this(name, columns, keyColumns, Map.of());
  }

  /** Returns the key columns in key order. Computed for each call, so callers keep the result. */
  public List<Column> key() {
    List<Column> key = new ArrayList<>(keyColumns.size());
    for (String name : keyColumns) {
      for (Column column : columns) {
        if (column.name().equals(name)) {
          key.add(column);
        }
      }
    }
    return List.copyOf(key);
  }

  /** Returns the columns that are not in the key, in table order: the layout of a {@link Row}. */
  public List<Column> values() {
    return columns.stream().filter(c -> !keyColumns.contains(c.name())).toList();
  }

  /**
   * Returns the projection of these value columns.
   *
   * @throws StoreException INVALID if the table has no such value column
   */
  public Projection project(String... names) {
    List<Column> values = values();
    int[] indexes = new int[names.length];
    for (int i = 0; i < names.length; i++) {
      int found = -1;
      for (int j = 0; j < values.size(); j++) {
        if (values.get(j).name().equals(names[i])) {
          found = j;
        }
      }
      if (found < 0) {
        throw StoreException.invalid("Table " + name + " has no value column " + names[i]);
      }
      indexes[i] = found;
    }
    return Projection.of(indexes);
  }

  /** Returns the projection of all value columns. */
  public Projection all() {
    return Projection.all(columns.size() - keyColumns.size());
  }
}
