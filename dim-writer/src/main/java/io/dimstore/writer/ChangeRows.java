// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.jobs.sql.Dimension;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.runtime.typeutils.ExternalTypeInfo;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.utils.TypeConversions;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;

/** The type and schema of the rows that the parser passes to SQL. */
final class ChangeRows {

  /**
   * The kinds of the rows that the parser emits: an INSERT puts the row of its key, a DELETE
   * removes it, and the newest version wins. Without UPDATE_AFTER, the planner does not need the
   * previous row, which would cost a copy of every dimension in state.
   */
  static final ChangelogMode CHANGELOG =
      ChangelogMode.newBuilder()
          .addContainedKind(RowKind.INSERT)
          .addContainedKind(RowKind.DELETE)
          .build();

  private ChangeRows() {}

  /** Returns the type of the rows: the columns of the table and the version. */
  static TypeInformation<Row> changeType(Dimension dimension) {
    return ExternalTypeInfo.of(rowType(dimension));
  }

  /** Returns the same as a schema for the planner. */
  static Schema changeSchema(Dimension dimension) {
    return Schema.newBuilder()
        .fromRowDataType(rowType(dimension))
        .primaryKey(dimension.keyColumns())
        .build();
  }

  /** All columns but the key can be null, since a delete has nothing but its key. */
  private static DataType rowType(Dimension dimension) {
    List<DataTypes.Field> fields = new ArrayList<>();
    for (RowType.RowField column : dimension.columns().getFields()) {
      boolean nullable = !dimension.keyColumns().contains(column.getName());
      LogicalType type = column.getType().copy(nullable);
      fields.add(DataTypes.FIELD(column.getName(), TypeConversions.fromLogicalToDataType(type)));
    }
    fields.add(DataTypes.FIELD("version", DataTypes.BIGINT().notNull()));
    return DataTypes.ROW(fields).notNull();
  }
}
