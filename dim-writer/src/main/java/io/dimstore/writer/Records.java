// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.jobs.sql.Dimension;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.types.AbstractDataType;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;

/** The type and schema of the rows that the parser passes to SQL. */
final class Records {

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

  private Records() {}

  /** Returns the type of the rows: key, values and version. */
  static TypeInformation<Row> changeType(Dimension dimension) {
    List<String> names = new ArrayList<>();
    List<TypeInformation<?>> types = new ArrayList<>();
    names.add(dimension.key());
    types.add(Types.STRING);
    for (Column field : dimension.values()) {
      names.add(field.name());
      types.add(rowType(field.type()));
    }
    names.add("version");
    types.add(Types.LONG);
    return Types.ROW_NAMED(names.toArray(String[]::new), types.toArray(TypeInformation<?>[]::new));
  }

  /** Returns the same as a schema for the planner. */
  static Schema changeSchema(Dimension dimension) {
    Schema.Builder schema =
        Schema.newBuilder().column(dimension.key(), DataTypes.STRING().notNull());
    for (Column field : dimension.values()) {
      schema.column(field.name(), sqlType(field.type()));
    }
    return schema
        .column("version", DataTypes.BIGINT().notNull())
        .primaryKey(dimension.key())
        .build();
  }

  private static TypeInformation<?> rowType(DataType type) {
    return inFlink(type, Types.STRING, Types.INT, Types.LONG);
  }

  private static AbstractDataType<?> sqlType(DataType type) {
    return inFlink(type, DataTypes.STRING(), DataTypes.INT(), DataTypes.BIGINT());
  }

  private static <T> T inFlink(DataType type, T string, T integer, T bigint) {
    if (type.equals(DataType.STRING)) {
      return string;
    }
    if (type == DataType.Simple.INT) {
      return integer;
    }
    if (type == DataType.Simple.BIGINT) {
      return bigint;
    }
    throw new IllegalArgumentException("a field of a change cannot have the type " + type);
  }
}
