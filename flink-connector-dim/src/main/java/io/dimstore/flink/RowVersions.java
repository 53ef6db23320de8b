package io.dimstore.flink;

import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.types.RowKind;
import org.jspecify.annotations.Nullable;

/**
 * Reads the versions that rows bring along.
 *
 * @param column of all rows
 * @param ofDeletes of a DELETE where {@code column} is null, or null for none
 * @param where names the source, for messages
 */
record RowVersions(EpochMillis column, @Nullable EpochMillis ofDeletes, String where) {

  /** Versions of a table's version column, or of the metadata column at this position. */
  static RowVersions of(DimTable table, VersionRule.Source source, int metadataPosition) {
    TableLayout layout = table.layout();
    Integer column = source == VersionRule.Source.COLUMN ? table.versionColumn() : null;
    Integer deletes = table.sink().deleteVersionColumn();
    EpochMillis ofDeletes =
        deletes == null ? null : EpochMillis.at(deletes, layout.types().get(deletes));
    return column == null
        ? new RowVersions(
            EpochMillis.at(metadataPosition, new BigIntType()),
            ofDeletes,
            "metadata column 'version'")
        : new RowVersions(
            EpochMillis.at(column, layout.types().get(column)),
            ofDeletes,
            "column '" + layout.names().get(column) + "'");
  }

  /** The same versions, of rows that have them in a further BIGINT column. */
  RowVersions readAt(int position) {
    return new RowVersions(EpochMillis.at(position, new BigIntType()), null, where);
  }

  /** The version of a row, or null where it has none. */
  @Nullable Long read(RowData row) {
    Long version = column.read(row);
    return version == null && ofDeletes != null && withdraws(row.getRowKind())
        ? ofDeletes.read(row)
        : version;
  }

  private static boolean withdraws(RowKind kind) {
    return kind == RowKind.DELETE || kind == RowKind.UPDATE_BEFORE;
  }
}
