// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.table;

import static java.util.Objects.requireNonNull;

import io.dimstore.flink.DimOptions;
import io.dimstore.flink.internal.row.TableLayout;
import io.dimstore.flink.internal.sink.PartialColumns;
import io.dimstore.flink.internal.store.DimTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.types.logical.LogicalType;

/** Checks the statements that update parts of rows. */
final class PartialUpdateCheck {

  private PartialUpdateCheck() {}

  static ValidationException withoutVersionColumn(String name) {
    return refused(
        name,
        "has no 'version.column', which orders the updates of the columns that a statement names",
        "name a column that every such statement sets");
  }

  /**
   * Returns the names of the columns that a statement sets.
   *
   * @param columns the names of all columns of the table
   * @param targets the positions among them, or empty for all columns
   */
  static List<String> named(List<String> columns, Optional<int[][]> targets) {
    if (targets.isEmpty() || targets.get().length == 0) {
      return columns;
    }
    List<String> named = new ArrayList<>();
    for (int[] path : targets.get()) {
      named.add(columns.get(path[0]));
    }
    return named;
  }

  /**
   * Returns the columns that a statement updates.
   *
   * @param named the names of the columns that it sets; others than physical ones are ignored
   * @param insertOnly whether it only inserts rows
   * @throws ValidationException if it does not set the version column, or if it would have to set a
   *     column to null that cannot be
   */
  static PartialColumns columns(
      String name, DimTable table, List<String> named, boolean insertOnly) {
    TableLayout layout = table.layout();
    int version = requireNonNull(table.versionColumn());
    String versionName = layout.names().get(version);
    if (layout.key().contains(version)) {
      throw refused(
          name,
          "has its version in column '" + versionName + "', which is part of the key",
          "name another column with 'version.column'");
    }
    if (!named.contains(versionName)) {
      throw refused(
          name,
          "has its version in column '" + versionName + "', which the statement does not set",
          "add it to the columns of the INSERT, or declare the table with the version column of"
              + " this statement");
    }
    int[] values = layout.values();
    List<Integer> updated = new ArrayList<>();
    int versionAt = -1;
    for (int i = 0; i < values.length; i++) {
      String column = layout.names().get(values[i]);
      LogicalType type = layout.types().get(values[i]);
      if (values[i] == version) {
        versionAt = i;
      } else if (!type.isNullable() && (!named.contains(column) || !insertOnly)) {
        throw refused(
            name,
            "has column '"
                + column
                + "', which is NOT NULL, and "
                + (named.contains(column)
                    ? "the statement deletes rows, which sets it to null"
                    : "the statement does not set it"),
            "declare the column without NOT NULL");
      }
      if (named.contains(column)) {
        updated.add(i);
      }
    }
    return new PartialColumns(updated, versionAt, layout.types().get(version), values.length);
  }

  private static ValidationException refused(String name, String problem, String remedy) {
    return new ValidationException(
        "Table '"
            + name
            + "' has '"
            + DimOptions.SINK_PARTIAL_UPDATE.key()
            + "' = 'true' and "
            + problem
            + ". Remedy: "
            + remedy
            + ".");
  }
}
