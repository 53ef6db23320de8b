// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support.ordered;

import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.KeyCodec;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads entries as the columns that a reader declared. Columns are matched by name: one that the
 * table lacks is null, and a value of another type than declared cannot be read.
 */
final class EntryReader {

  private final TableSpec spec;
  private final int storedColumns;
  private final KeyCodec keys;
  private final List<Column> columns = new ArrayList<>();
  private final List<KeyCodec> codecs = new ArrayList<>();
  private final int[] positions;
  private final boolean[] readable;

  EntryReader(Declaration stored, TableSpec spec, Projection projection) {
    this.spec = spec;
    this.storedColumns = stored.values().size();
    this.keys = new KeyCodec(spec.key());
    this.positions = new int[projection.size()];
    this.readable = new boolean[positions.length];
    for (int i = 0; i < positions.length; i++) {
      Column column = spec.values().get(projection.index(i));
      columns.add(column);
      codecs.add(new KeyCodec(List.of(column)));
      positions[i] = stored.position(column.name());
      readable[i] = stored.has(column);
    }
  }

  /**
   * Returns the entry as a row, or as a tombstone if it was deleted or has expired.
   *
   * @throws StoreException CORRUPT with the key of a row that cannot be read
   */
  Change read(Entry entry, long nowMillis) {
    Key key = keys.decode(entry.key());
    byte[] row = entry.row();
    if (row == null || entry.expiresAtMillis() <= nowMillis) {
      return new Delete(key, entry.version());
    }
    List<byte @Nullable []> cells = cells(key, row);
    @Nullable Object[] values = new @Nullable Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      byte[] cell = positions[i] < 0 ? null : cells.get(positions[i]);
      if (cell != null) {
        values[i] = value(key, i, cell);
      }
    }
    return new Put(key, Row.of(values), entry.version(), entry.expiresAtMillis());
  }

  private Object value(Key key, int column, byte[] cell) {
    StoreException cause = null;
    if (readable[column]) {
      try {
        return codecs.get(column).decode(cell).get(0);
      } catch (StoreException e) {
        cause = e;
      }
    }
    throw corrupt(key, "holds no " + columns.get(column), cause);
  }

  private List<byte @Nullable []> cells(Key key, byte[] row) {
    try {
      return RowBytes.decode(row, storedColumns);
    } catch (IllegalArgumentException e) {
      throw corrupt(key, "holds a row that cannot be read (" + e.getMessage() + ")", e);
    }
  }

  private StoreException corrupt(Key key, String what, @Nullable Exception cause) {
    return new StoreException(
        StoreException.Kind.CORRUPT,
        "Table '" + spec.name() + "' " + what + " under key " + key,
        List.of(key),
        cause);
  }
}
