// SPDX-License-Identifier: Apache-2.0
package io.dimstore.memory;

import io.dimstore.spi.Column;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Converts stored rows to the columns that a reader declared. Columns are matched by name, as on a
 * server without a schema. A column that was never written is null. A column that holds another
 * type is CORRUPT.
 */
final class RowConversion {

  private static final int MISSING = -1;

  private final int storedColumns;
  private final Projection declared;
  private final boolean same;
  private final int[] positions;
  private final boolean[] readable;

  private RowConversion(
      int storedColumns, Projection declared, boolean same, int[] positions, boolean[] readable) {
    this.storedColumns = storedColumns;
    this.declared = declared;
    this.same = same;
    this.positions = positions;
    this.readable = readable;
  }

  static RowConversion of(List<Column> stored, List<Column> declared, Projection columns) {
    List<String> names = stored.stream().map(Column::name).toList();
    int[] positions = new int[columns.size()];
    boolean[] readable = new boolean[positions.length];
    for (int i = 0; i < positions.length; i++) {
      Column column = declared.get(columns.index(i));
      positions[i] = names.indexOf(column.name());
      readable[i] =
          positions[i] == MISSING || stored.get(positions[i]).type().equals(column.type());
    }
    return new RowConversion(stored.size(), columns, stored.equals(declared), positions, readable);
  }

  /**
   * Returns the put as the reader declared it, or null if a value has another type than declared.
   */
  @Nullable Put read(Put put) {
    if (same) {
      return declared.isAll(storedColumns)
          ? put
          : new Put(put.key(), put.row().project(declared), put.version(), put.expiresAtMillis());
    }
    @Nullable Object[] values = new @Nullable Object[positions.length];
    for (int i = 0; i < positions.length; i++) {
      values[i] = positions[i] == MISSING ? null : put.row().get(positions[i]);
      if (values[i] != null && !readable[i]) {
        return null;
      }
    }
    return new Put(put.key(), Row.of(values), put.version(), put.expiresAtMillis());
  }

  /** Returns the exception for keys whose rows {@link #read} could not convert. */
  static StoreException corrupt(String table, List<Key> unreadable) {
    return new StoreException(
        StoreException.Kind.CORRUPT, mismatch(table, unreadable.get(0)), unreadable, null);
  }

  /** Returns the message for a key whose row cannot be converted. */
  static String mismatch(String table, Key key) {
    return "Table '" + table + "' holds values of other types than declared under key " + key;
  }
}
