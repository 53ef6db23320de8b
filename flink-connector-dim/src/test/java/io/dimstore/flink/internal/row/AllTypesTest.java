// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.Sql;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.TableDescriptor;
import org.apache.flink.table.runtime.typeutils.ExternalTypeInfo;
import org.apache.flink.table.types.DataType;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Writes, scans and looks up values of all SQL types through the planner. */
class AllTypesTest {

  @RegisterExtension static final MiniClusterExtension CLUSTER = Sql.cluster();

  private static final Map<DataType, List<Object>> ALL = ValuesOfAllTypes.all();

  @Test
  void everyTypeIsWrittenScannedAndLookedUpEqual() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      List<DataTypes.Field> fields = new ArrayList<>();
      Schema.Builder schema = Schema.newBuilder().column("id", DataTypes.INT().notNull());
      fields.add(DataTypes.FIELD("id", DataTypes.INT()));
      int column = 0;
      for (DataType type : ALL.keySet()) {
        fields.add(DataTypes.FIELD("c" + column, type));
        schema.column("c" + column++, type);
      }
      List<Row> rows = rows();
      sql.env.createTemporaryTable(
          "wide",
          TableDescriptor.forConnector("dim")
              .schema(schema.primaryKey("id").build())
              .option("store", "memory")
              .option("memory.instance", sql.instance)
              .option("table", "wide")
              .option("version", "arrival")
              .option("version.max-clock-skew", "0 s")
              .build());
      Table values =
          sql.env.fromDataStream(
              sql.streams.fromData(rows, ExternalTypeInfo.of(DataTypes.ROW(fields))));
      values.executeInsert("wide").await();

      List<Row> scanned = sql.results("SELECT * FROM wide");
      assertThat(byId(scanned)).isEqualTo(byId(rows));

      sql.env.createTemporaryView(
          "o",
          sql.env.fromValues(
              DataTypes.ROW(DataTypes.FIELD("id", DataTypes.INT())),
              rows.stream().map(row -> Row.of(row.getField(0))).toList()));
      List<Row> found =
          sql.results(
              "SELECT w.* FROM (SELECT id, PROCTIME() AS t FROM o) AS o JOIN wide FOR SYSTEM_TIME"
                  + " AS OF o.t AS w ON o.id = w.id");
      assertThat(byId(found)).isEqualTo(byId(rows));
    }
  }

  /** Returns as many rows as the type with the most values has, followed by a row of nulls. */
  private static List<Row> rows() {
    int count = ALL.values().stream().mapToInt(List::size).max().orElseThrow();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i <= count; i++) {
      Row row = new Row(ALL.size() + 1);
      row.setField(0, i);
      int column = 1;
      for (List<Object> values : ALL.values()) {
        row.setField(column++, i < values.size() ? external(values.get(i)) : null);
      }
      rows.add(row);
    }
    return rows;
  }

  /** Converts a store's value to the class that the Table API accepts. */
  private static Object external(Object value) {
    if (value instanceof io.dimstore.spi.Row row) {
      Row external = new Row(row.size());
      for (int i = 0; i < row.size(); i++) {
        external.setField(i, external(row.get(i)));
      }
      return external;
    }
    if (value instanceof List<?> list) {
      return list.stream().map(AllTypesTest::external).toArray();
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> external = new java.util.HashMap<>();
      map.forEach((key, held) -> external.put(external(key), external(held)));
      return external;
    }
    return value;
  }

  private static Map<Object, String> byId(List<Row> rows) {
    Map<Object, String> byId = new java.util.TreeMap<>();
    rows.forEach(row -> byId.put(row.getField(0), text(row)));
    return byId;
  }

  private static String text(Object value) {
    if (value instanceof Row row) {
      StringBuilder out = new StringBuilder("(");
      for (int i = 0; i < row.getArity(); i++) {
        out.append(text(row.getField(i))).append(';');
      }
      return out.append(')').toString();
    }
    if (value instanceof byte[] bytes) {
      return "0x" + java.util.HexFormat.of().formatHex(bytes);
    }
    if (value instanceof Object[] array) {
      return Arrays.stream(array).map(AllTypesTest::text).toList().toString();
    }
    if (value instanceof Map<?, ?> map) {
      java.util.TreeMap<String, String> sorted = new java.util.TreeMap<>();
      map.forEach((key, held) -> sorted.put(text(key), text(held)));
      return sorted.toString();
    }
    // Flink returns periods that are not normalized.
    return String.valueOf(value instanceof Period period ? period.normalized() : value);
  }
}
