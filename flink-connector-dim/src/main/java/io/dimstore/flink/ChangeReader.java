package io.dimstore.flink;

import io.dimstore.flink.RefusedRow.Reason;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import java.util.List;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LocalZonedTimestampType;
import org.jspecify.annotations.Nullable;

/** Makes changes of a changelog's rows. The row may be used again after the call. Thread-safe. */
final class ChangeReader {

  private final TableLayout layout;
  private final ToStore.Fields key;
  private final ToStore.Fields values;
  private final VersionRule version;
  private final @Nullable EpochMillis expiry;

  /**
   * A reader for rows of all physical columns and these metadata columns behind them.
   *
   * @param metadata in the order in which rows have them
   */
  ChangeReader(DimTable table, VersionRule version, List<DimMetadata> metadata) {
    this.layout = table.layout();
    int physical = layout.names().size();
    this.key = new ToStore.Fields(layout.typesAt(layout.keyPositions()), layout.keyPositions());
    this.values = new ToStore.Fields(layout.typesAt(layout.values()), layout.values());
    this.version = version;
    int expiryAt = metadata.indexOf(DimMetadata.EXPIRY);
    this.expiry =
        expiryAt < 0 ? null : EpochMillis.at(physical + expiryAt, new LocalZonedTimestampType(3));
  }

  /**
   * Returns the change that a row stands for. An UPDATE_BEFORE is a delete: Flink leaves it out
   * unless the row that follows may have another key.
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
