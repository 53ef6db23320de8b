// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.sql;

import io.dimstore.flink.DimTypes;
import io.dimstore.spi.Column;
import io.dimstore.spi.TableSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.types.logical.RowType;

/**
 * A dimension: a table that a file of SQL declares. No other code states its columns, except the
 * change messages of the event stream and the oracle, which must stay independent.
 *
 * @param defaultTable the table's name in SQL, which is its name in the store unless another is
 *     given
 * @param columns the physical columns
 * @param keyColumns the names of the key columns, in key order; at least one
 * @param options the options in the WITH clause. Without {@code store}, the file leaves the store
 *     and its options to the command that reads the file
 */
public record Dimension(
    String defaultTable, RowType columns, List<String> keyColumns, Map<String, String> options)
    implements Serializable {

  private static final String PREFIX = "dim_";

  /** Copies the collections. */
  public Dimension {
    keyColumns = List.copyOf(keyColumns);
    options = Map.copyOf(options);
  }

  /**
   * Returns the name in options, topics and metrics: that of the table, without {@code dim_} in
   * front. The dimension in {@code dim_user} is {@code user}.
   */
  public String name() {
    return defaultTable.startsWith(PREFIX) && defaultTable.length() > PREFIX.length()
        ? defaultTable.substring(PREFIX.length())
        : defaultTable;
  }

  /** Returns whether the file names the store that holds the table. */
  public boolean namesStore() {
    return options.containsKey("store");
  }

  /** Returns the topic of the changes, unless another one is given. */
  public String defaultTopic() {
    return "dim-" + name().replace('_', '-') + "-changes";
  }

  /** Returns the table under its default name, without options. */
  public TableSpec table() {
    return storedAs(defaultTable, Map.of());
  }

  /** Returns the columns that are not in the key, in table order. */
  public List<Column> values() {
    return table().values();
  }

  /** Returns the table under another name in the store, with options of its own. */
  public TableSpec storedAs(String other, Map<String, String> tableOptions) {
    List<Column> all = new ArrayList<>();
    for (RowType.RowField column : columns.getFields()) {
      all.add(DimTypes.column(column.getName(), column.getType()));
    }
    return new TableSpec(other, all, keyColumns, tableOptions);
  }

  /**
   * Returns the table in the store that the file names.
   *
   * @throws IllegalStateException if the file names no store
   * @throws io.dimstore.spi.StoreException INVALID if there is no such store
   */
  StoreTable stored() {
    String store = options.get("store");
    if (store == null) {
      throw new IllegalStateException("table " + defaultTable + " has no option 'store'");
    }
    String name = options.getOrDefault("table", defaultTable);
    return StoreTable.of(store, Map.of(), storedAs(name, options));
  }

  /** Omits the options, since some are secret. */
  @Override
  public String toString() {
    return "dimension '" + name() + "'";
  }
}
