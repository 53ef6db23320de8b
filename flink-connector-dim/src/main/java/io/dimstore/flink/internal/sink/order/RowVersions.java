// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink.order;

import io.dimstore.flink.internal.row.EpochMillis;
import io.dimstore.flink.internal.row.TableLayout;
import io.dimstore.flink.internal.store.DimTable;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.types.RowKind;
import org.jspecify.annotations.Nullable;

/**
 * Reads the versions that rows carry.
 *
 * @param column the version of every row
 * @param ofDeletes the version of a DELETE if {@code column} is null; may be null
 * @param where the name of the version's source, for messages
 */
public record RowVersions(EpochMillis column, @Nullable EpochMillis ofDeletes, String where) {

  /** Returns a reader of the table's version column, or of the metadata column at this position. */
  public static RowVersions of(DimTable table, VersionRule.Source source, int metadataPosition) {
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

  /**
   * Returns a reader of the same versions for rows that carry them in an additional BIGINT column.
   */
  public RowVersions readAt(int position) {
    return new RowVersions(EpochMillis.at(position, new BigIntType()), null, where);
  }

  /** Returns the version of a row, or null if it has none. */
  @Nullable Long read(RowData row) {
    Long version = column.read(row);
    return version == null && ofDeletes != null && retracts(row.getRowKind())
        ? ofDeletes.read(row)
        : version;
  }

  /**
   * Returns the version that a row itself has, or null. Unlike {@link #read}, it ignores the column
   * for deletes.
   */
  @Nullable Long own(RowData row) {
    return column.read(row);
  }

  private static boolean retracts(RowKind kind) {
    return kind == RowKind.DELETE || kind == RowKind.UPDATE_BEFORE;
  }
}
