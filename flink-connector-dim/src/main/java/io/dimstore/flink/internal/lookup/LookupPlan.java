// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import io.dimstore.flink.DimOptions;
import io.dimstore.flink.internal.row.ProducedColumns;
import io.dimstore.flink.internal.row.TableLayout;
import io.dimstore.flink.internal.store.DimTable;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.table.api.ValidationException;

/**
 * Describes how a lookup's key row is converted to a key of the table, or to the values of its
 * first columns.
 *
 * @param table the table
 * @param produced the columns of the rows that a lookup returns
 * @param asked for each column of the key row, its position in the produced columns
 * @param keyFields for each of the first key columns, its position in the key row
 * @param capacity how many lookups Flink lets each subtask have in flight
 */
public record LookupPlan(
    DimTable table,
    ProducedColumns produced,
    List<Integer> asked,
    List<Integer> keyFields,
    AsyncCapacity capacity)
    implements Serializable {

  /**
   * Creates a plan for lookups by the given columns.
   *
   * @param name the table's name in SQL
   * @param keys Flink's paths to produced columns
   * @throws ValidationException unless the first column of the primary key is among them
   */
  public static LookupPlan of(
      String name, DimTable table, ProducedColumns produced, int[][] keys, AsyncCapacity capacity) {
    TableLayout layout = table.layout();
    List<Integer> asked = new ArrayList<>();
    for (int[] path : keys) {
      if (path.length != 1) {
        throw new ValidationException(
            "Table '" + name + "' cannot be looked up by a field inside a column.");
      }
      asked.add(path[0]);
    }
    List<Integer> keyFields = new ArrayList<>();
    for (int column : layout.key()) {
      int found = -1;
      for (int i = 0; i < asked.size(); i++) {
        int position = asked.get(i);
        if (position < produced.physical().size() && produced.physical().get(position) == column) {
          found = i;
        }
      }
      if (found < 0) {
        break;
      }
      keyFields.add(found);
    }
    if (keyFields.isEmpty()) {
      throw notByKey(name, layout, produced, asked);
    }
    if (table.lookup().insertIfAbsent() && keyFields.size() < layout.key().size()) {
      throw new ValidationException(
          "Table '"
              + name
              + "' has the option '"
              + DimOptions.LOOKUP_INSERT_IF_ABSENT.key()
              + "', but the join gives only the first columns of its key, so there is no key to"
              + " insert. Remedy: join ON equality of every key column, or set the option to false"
              + " with the hint OPTIONS.");
    }
    return new LookupPlan(table, produced, List.copyOf(asked), List.copyOf(keyFields), capacity);
  }

  private static ValidationException notByKey(
      String name, TableLayout layout, ProducedColumns produced, List<Integer> asked) {
    List<String> key = layout.key().stream().map(layout.names()::get).toList();
    List<String> given = asked.stream().map(i -> produced.name(layout, i)).toList();
    return new ValidationException(
        "Table '"
            + name
            + "' is looked up by its primary key ("
            + String.join(", ", key)
            + ")"
            + (key.size() > 1 ? " or by its first columns" : "")
            + ", but the join gives ("
            + String.join(", ", given)
            + "). Remedy: join ON equality of every key column"
            + (key.size() > 1 ? ", or of the first ones" : "")
            + ", with values of the same type.");
  }

  /** Returns whether the join gives only the first columns of the key, so that it finds rows. */
  boolean isPrefix() {
    return keyFields.size() < table.layout().key().size();
  }

  /**
   * Returns the positions in the key row of the columns that are not in the key. Their values are
   * compared with the row that the store returned.
   */
  int[] compared() {
    return java.util.stream.IntStream.range(0, asked.size())
        .filter(i -> !keyFields.contains(i))
        .toArray();
  }

  @Override
  public String toString() {
    return "lookup in " + table + " by " + Arrays.toString(asked.toArray());
  }
}
