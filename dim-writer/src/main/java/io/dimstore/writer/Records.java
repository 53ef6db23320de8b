package io.dimstore.writer;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;

/** The rows between the SQL parts and the parser, and the places of their fields. */
final class Records {

  // A record of a change topic, as sql/writer/changes.sql selects it.
  static final int KEY = 0;
  static final int PAYLOAD = 1;
  static final int TOPIC = 2;
  static final int PARTITION = 3;
  static final int OFFSET = 4;
  static final int TIME = 5;
  static final int TIME_TYPE = 6;

  /**
   * The kinds of the rows that the parser makes: an INSERT puts the row of its key, a DELETE
   * removes it, and the version decides which of them stands. Without UPDATE_AFTER in it the
   * planner has no reason to look for the row before, which would cost a copy of every dimension in
   * state.
   */
  static final ChangelogMode CHANGELOG =
      ChangelogMode.newBuilder()
          .addContainedKind(RowKind.INSERT)
          .addContainedKind(RowKind.DELETE)
          .build();

  private Records() {}

  /** Key, values and version, as the parser makes them. */
  static TypeInformation<Row> changeType(Dimension dimension) {
    List<String> names = new ArrayList<>();
    List<TypeInformation<?>> types = new ArrayList<>();
    names.add(dimension.key());
    types.add(Types.STRING);
    for (Dimension.Field field : dimension.fields()) {
      names.add(field.name());
      types.add(field.type().rowType());
    }
    names.add("version");
    types.add(Types.LONG);
    return Types.ROW_NAMED(names.toArray(String[]::new), types.toArray(TypeInformation<?>[]::new));
  }

  /** The same for the planner. */
  static Schema changeSchema(Dimension dimension) {
    Schema.Builder schema =
        Schema.newBuilder().column(dimension.key(), DataTypes.STRING().notNull());
    for (Dimension.Field field : dimension.fields()) {
      schema.column(field.name(), field.type().sqlType());
    }
    return schema
        .column("version", DataTypes.BIGINT().notNull())
        .primaryKey(dimension.key())
        .build();
  }
}
