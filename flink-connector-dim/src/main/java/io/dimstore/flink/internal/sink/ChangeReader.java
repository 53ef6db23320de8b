// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink;

import io.dimstore.flink.internal.row.DimMetadata;
import io.dimstore.flink.internal.row.EpochMillis;
import io.dimstore.flink.internal.row.RowDataToValueConverter;
import io.dimstore.flink.internal.row.TableLayout;
import io.dimstore.flink.internal.sink.deadletter.RefusedRow;
import io.dimstore.flink.internal.sink.deadletter.RefusedRow.Reason;
import io.dimstore.flink.internal.sink.order.VersionRule;
import io.dimstore.flink.internal.store.DimTable;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import java.util.List;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LocalZonedTimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Converts the rows of a changelog to changes. The row may be reused after the call. Thread-safe.
 */
final class ChangeReader {

  private final TableLayout layout;
  private final RowDataToValueConverter.Fields key;
  private final RowDataToValueConverter.Fields values;
  private final VersionRule version;
  private final @Nullable EpochMillis expiry;

  /**
   * Creates a reader of rows that consist of all physical columns followed by these metadata
   * columns.
   *
   * @param metadata the metadata columns in the order in which they appear in the rows
   */
  ChangeReader(DimTable table, VersionRule version, List<DimMetadata> metadata) {
    this.layout = table.layout();
    int physical = layout.names().size();
    this.key =
        new RowDataToValueConverter.Fields(
            layout.typesAt(layout.keyPositions()), layout.keyPositions());
    this.values =
        new RowDataToValueConverter.Fields(layout.typesAt(layout.values()), layout.values());
    this.version = version;
    int expiryAt = metadata.indexOf(DimMetadata.EXPIRY);
    this.expiry =
        expiryAt < 0 ? null : EpochMillis.at(physical + expiryAt, new LocalZonedTimestampType(3));
  }

  /**
   * Returns the change that a row represents. An UPDATE_BEFORE is a delete: Flink omits it unless
   * the row that follows may have another key.
   *
   * @throws RefusedRow for a row that cannot be stored
   */
  Change read(RowData row) throws RefusedRow {
    return switch (row.getRowKind()) {
      case INSERT, UPDATE_AFTER -> {
        Key changed = key(row);
        try {
          yield new Put(
              changed, values.row(row), version.versionOf(row, changed), expiresAtMillis(row));
        } catch (ArithmeticException e) {
          throw new RefusedRow(
              Reason.VALUE_OUT_OF_RANGE,
              "key " + changed + ": a number has more digits than its column's type");
        }
      }
      case UPDATE_BEFORE, DELETE -> {
        Key changed = key(row);
        yield new Delete(changed, version.versionOf(row, changed));
      }
    };
  }

  private long expiresAtMillis(RowData row) {
    Long millis = expiry == null ? null : expiry.read(row);
    return millis == null ? Put.NEVER : millis;
  }

  private Key key(RowData row) throws RefusedRow {
    Object[] parts = new Object[key.size()];
    for (int i = 0; i < parts.length; i++) {
      Object part = key.get(row, i);
      if (part == null) {
        throw new RefusedRow(
            Reason.NULL_KEY,
            "key column '" + layout.names().get(layout.key().get(i)) + "' is null");
      }
      parts[i] = part;
    }
    return Key.of(parts);
  }
}
