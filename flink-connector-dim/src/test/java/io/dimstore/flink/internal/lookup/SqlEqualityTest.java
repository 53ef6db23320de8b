// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.Sql;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.TableDescriptor;
import org.apache.flink.table.runtime.typeutils.ExternalTypeInfo;
import org.apache.flink.table.types.DataType;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Compares the connector's equality of further columns of a lookup join with Flink's own {@code =}
 * on the same rows.
 */
class SqlEqualityTest {

  @RegisterExtension static final MiniClusterExtension CLUSTER = Sql.cluster();

  private static final String LOOKUP =
      " FROM (SELECT id, x, PROCTIME() AS p FROM asked) o LEFT JOIN dim FOR SYSTEM_TIME AS OF o.p d"
          + " ON o.id = d.id";

  private static final DataType ROW =
      DataTypes.ROW(
          DataTypes.FIELD("a", DataTypes.INT()), DataTypes.FIELD("b", DataTypes.DOUBLE()));

  /**
   * The only type in this test for which Flink's generated code compares boxed values by identity.
   * Flink therefore finds no two values equal, not even a value and itself.
   */
  private static final DataType BOXED = DataTypes.MAP(DataTypes.INT(), DataTypes.DOUBLE());

  /**
   * The equal pairs of the types that lookups compare in another way than the operator: {@link
   * #BOXED}, and rows, of which the operator compares doubles as plain values since Flink 2.2.
   */
  private static final Map<DataType, List<Object>> DIFFERENT_FROM_OPERATOR =
      Map.of(
          BOXED, List.of(101, 102, 201, 202, 303), ROW, List.of(0, 101, 202, 303, 404, 505, 606));

  private static Map<DataType, List<Object>> samples() {
    Map<DataType, List<Object>> all = new LinkedHashMap<>();
    all.put(DataTypes.FLOAT(), Arrays.asList(0.0f, -0.0f, Float.NaN, 1f, null));
    all.put(DataTypes.DOUBLE(), Arrays.asList(0.0, -0.0, Double.NaN, 1.0, null));
    all.put(
        DataTypes.ARRAY(DataTypes.DOUBLE()),
        Arrays.asList(
            new Double[] {},
            new Double[] {1.0, 2.0},
            new Double[] {2.0, 1.0},
            new Double[] {null},
            new Double[] {1.0, null},
            new Double[] {Double.NaN},
            new Double[] {0.0},
            new Double[] {-0.0},
            null));
    all.put(
        DataTypes.ARRAY(DataTypes.STRING()),
        Arrays.asList(new String[] {"a"}, new String[] {"a", "b"}, new String[] {null}, null));
    all.put(
        DataTypes.MAP(DataTypes.STRING(), DataTypes.INT()),
        Arrays.asList(
            Map.of(),
            Map.of("a", 1),
            Map.of("a", 2),
            Map.of("b", 1),
            map("a", 1, "b", 2),
            map("b", 2, "a", 1),
            map("a", null),
            null));
    all.put(
        BOXED,
        Arrays.asList(
            Map.of(1, Double.NaN), Map.of(1, 0.0), Map.of(1, -0.0), Map.of(1, 7.0), null));
    all.putAll(alikeInRegularJoins());
    return all;
  }

  /** The types and values for which a regular join and {@code =} give the same result. */
  private static Map<DataType, List<Object>> alikeInRegularJoins() {
    Map<DataType, List<Object>> all = new LinkedHashMap<>();
    all.put(DataTypes.BOOLEAN(), Arrays.asList(true, false, null));
    all.put(
        DataTypes.DECIMAL(10, 2),
        Arrays.asList(
            new BigDecimal("1.50"), new BigDecimal("1.51"), new BigDecimal("0.00"), null));
    all.put(DataTypes.CHAR(3), Arrays.asList("abc", "ab ", "ABC", null));
    all.put(DataTypes.STRING(), Arrays.asList("", "a", "a ", "A", "\u00e9", "e\u0301", null));
    all.put(
        DataTypes.BYTES(), Arrays.asList(new byte[] {}, new byte[] {1}, new byte[] {1, 0}, null));
    all.put(
        DataTypes.ARRAY(DataTypes.ARRAY(DataTypes.INT())),
        Arrays.asList(new Integer[][] {{1}, {2}}, new Integer[][] {{1}, {3}}, null));
    all.put(
        DataTypes.MULTISET(DataTypes.STRING()),
        Arrays.asList(Map.of(), Map.of("a", 1), Map.of("a", 2), map("a", 1, "b", 2), null));
    all.put(
        ROW,
        Arrays.asList(
            Row.of(1, 1.0),
            Row.of(1, 2.0),
            Row.of(null, 1.0),
            Row.of(null, null),
            Row.of(1, Double.NaN),
            Row.of(1, 0.0),
            Row.of(1, -0.0),
            null));
    return all;
  }

  @Test
  void furtherEqualitiesOfALookupAgreeWithTheOperator() throws Exception {
    for (Map.Entry<DataType, List<Object>> sample : samples().entrySet()) {
      DataType type = sample.getKey();
      try (Sql sql = pairs(type, sample.getValue())) {
        assertThat(equal(sql, "SELECT o.id, d.id IS NOT NULL" + LOOKUP + " AND o.x = d.x"))
            .as("%s, pairs of %s", type, sample.getValue())
            .isNotEmpty()
            .isEqualTo(
                DIFFERENT_FROM_OPERATOR.containsKey(type)
                    ? DIFFERENT_FROM_OPERATOR.get(type)
                    : equal(sql, "SELECT o.id, COALESCE(o.x = d.x, FALSE)" + LOOKUP));
      }
    }
  }

  @Test
  void lookupAgreesWithARegularJoin() throws Exception {
    for (Map.Entry<DataType, List<Object>> sample : alikeInRegularJoins().entrySet()) {
      try (Sql sql = pairs(sample.getKey(), sample.getValue())) {
        assertThat(equal(sql, "SELECT o.id, d.id IS NOT NULL" + LOOKUP + " AND o.x = d.x"))
            .as("%s, pairs of %s", sample.getKey(), sample.getValue())
            .isNotEmpty()
            .isEqualTo(
                equal(
                    sql,
                    "SELECT o.id, TRUE FROM asked o JOIN stored d ON o.id = d.id AND o.x = d.x"));
      }
    }
  }

  /**
   * Creates a view 'asked' and a table 'dim'. In row i * 100 + j, the view has value i and the
   * table has value j.
   */
  private static Sql pairs(DataType type, List<Object> values) throws Exception {
    Sql sql = Sql.streaming(1);
    List<Row> asked = new ArrayList<>();
    List<Row> stored = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      for (int j = 0; j < values.size(); j++) {
        asked.add(Row.of(i * 100 + j, values.get(i)));
        stored.add(Row.of(i * 100 + j, values.get(j)));
      }
    }
    view(sql, "asked", type, asked);
    view(sql, "stored", type, stored);
    sql.env.createTemporaryTable(
        "dim",
        TableDescriptor.forConnector("dim")
            .schema(
                Schema.newBuilder()
                    .column("id", DataTypes.INT().notNull())
                    .column("x", type)
                    .primaryKey("id")
                    .build())
            .option("store", "memory")
            .option("memory.instance", sql.instance)
            .option("table", "dim")
            .option("version", "arrival")
            .option("version.max-clock-skew", "0 s")
            .build());
    return sql.run("INSERT INTO dim SELECT id, x FROM stored");
  }

  /** Returns the first columns of the rows whose second column is true. */
  private static List<Object> equal(Sql sql, String query) throws Exception {
    List<Object> equal = new ArrayList<>();
    for (Row row : sql.results(query)) {
      if ((Boolean) row.getField(1)) {
        equal.add(row.getField(0));
      }
    }
    equal.sort(null);
    return equal;
  }

  private static void view(Sql sql, String name, DataType type, List<Row> rows) {
    sql.env.createTemporaryView(
        name,
        sql.env.fromDataStream(
            sql.streams.fromData(
                rows,
                ExternalTypeInfo.of(
                    DataTypes.ROW(
                        DataTypes.FIELD("id", DataTypes.INT()), DataTypes.FIELD("x", type))))));
  }

  private static Map<Object, Object> map(Object... entries) {
    Map<Object, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < entries.length; i += 2) {
      map.put(entries[i], entries[i + 1]);
    }
    return map;
  }
}
