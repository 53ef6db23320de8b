// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.DimMetrics;
import io.dimstore.flink.Sql;
import java.time.ZoneId;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ScanTest {

  @RegisterExtension static final MiniClusterExtension CLUSTER = Sql.cluster();

  private static Sql load(Sql sql) throws Exception {
    return sql.table(
            "t",
            "a INT, id STRING, b STRING, PRIMARY KEY (id) NOT ENFORCED",
            "version",
            "arrival",
            "scan.page-size",
            "2")
        .run(
            "INSERT INTO t VALUES (1, 'x', 'one'), (2, 'y', CAST(NULL AS STRING)), (3, 'z', ''), (4,"
                + " 'w', 'four'), (5, 'v', 'five')");
  }

  @Test
  void columnsAreReadInTheOrderOfTheQuery() throws Exception {
    try (Sql sql = load(Sql.batch())) {
      assertThat(sql.env.explainSql("SELECT b, id FROM t")).contains("project=[b, id]");
      assertThat(sql.rows("SELECT b, id FROM t"))
          .containsExactly("+I[, z]", "+I[five, v]", "+I[four, w]", "+I[null, y]", "+I[one, x]");
      assertThat(sql.rows("SELECT COUNT(*) FROM t")).containsExactly("+I[5]");
      assertThat(sql.rows("SELECT b FROM t WHERE id = 'x'")).containsExactly("+I[one]");
    }
  }

  @Test
  void aLimitIsPushedDown() throws Exception {
    try (Sql sql = load(Sql.batch())) {
      assertThat(sql.env.explainSql("SELECT a FROM t LIMIT 3")).contains("limit=[3]");
      assertThat(sql.rows("SELECT a FROM t LIMIT 3")).hasSize(3);
    }
  }

  @Test
  void aStreamingQueryEndsWithTheTable() throws Exception {
    try (Sql sql = load(Sql.streaming(3))) {
      assertThat(sql.rows("SELECT id, a FROM t WHERE a > 1"))
          .containsExactly("+I[v, 5]", "+I[w, 4]", "+I[y, 2]", "+I[z, 3]");
    }
  }

  @Test
  void aConditionOnTheKeyReadsThoseKeysAlone() throws Exception {
    try (Sql sql = load(Sql.batch())) {
      assertThat(sql.env.explainSql("SELECT a FROM t WHERE id > 'w' AND a > 1"))
          .contains("filter=[>(id, ");
      assertThat(scanned(sql, "SELECT id FROM t WHERE id = 'x' AND a < 9", "+I[x]")).isEqualTo(1);
      assertThat(scanned(sql, "SELECT id FROM t WHERE id > 'w' AND id < 'y'", "+I[x]"))
          .isEqualTo(1);
      assertThat(scanned(sql, "SELECT id FROM t WHERE 'w' >= id", "+I[v]", "+I[w]")).isEqualTo(2);
      assertThat(scanned(sql, "SELECT id FROM t WHERE id > 'x' AND id < 'v'")).isZero();
      assertThat(scanned(sql, "SELECT id FROM t WHERE id <> 'x' AND a = 2", "+I[y]")).isEqualTo(5);
    }
  }

  /** The conditions that decide which keys are read are in the plan, and stay in it. */
  @Test
  void explainShowsWhatIsPushedDown() throws Exception {
    try (Sql sql = load(Sql.batch())) {
      String plan = sql.env.explainSql("SELECT a FROM t WHERE id IN ('x', 'y') AND a < 2");
      assertThat(plan)
          .contains("filter=[OR(=(id, _UTF-16LE'x'), =(id, _UTF-16LE'y'))]")
          .contains("where=[");
      assertThat(sql.env.explainSql("SELECT a FROM t WHERE a = 1")).contains("filter=[]");
    }
  }

  @Test
  void keysAreAskedForAndNotScanned() throws Exception {
    try (Sql sql = load(Sql.batch())) {
      assertThat(asked(sql, "SELECT a FROM t WHERE id = 'x'", "+I[1]")).isEqualTo(1);
      assertThat(
              asked(
                  sql,
                  "SELECT id, b FROM t WHERE id IN ('v', 'x', 'nothing', 'x', 'y') AND a <> 2",
                  "+I[v, five]",
                  "+I[x, one]"))
          .as("several pages of keys")
          .isEqualTo(4);
      assertThat(asked(sql, "SELECT id FROM t WHERE id = 'x' OR id = 'z'", "+I[x]", "+I[z]"))
          .isEqualTo(2);
      assertThat(asked(sql, "SELECT id FROM t WHERE id = '' LIMIT 1")).isEqualTo(1);
      assertThat(sql.rows("SELECT id FROM t WHERE id IN ('x', 'y', 'z', 'w') LIMIT 2")).hasSize(2);
    }
    try (Sql sql = load(Sql.streaming(3))) {
      assertThat(asked(sql, "SELECT id FROM t WHERE id IN ('x', 'y', 'z', 'v', 'w')", five()))
          .isEqualTo(5);
    }
  }

  private static String[] five() {
    return new String[] {"+I[v]", "+I[w]", "+I[x]", "+I[y]", "+I[z]"};
  }

  @Test
  void deletedAndExpiredRowsOfAKeyAreAbsent() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      sql.table(
              "t",
              "id STRING, e TIMESTAMP_LTZ(3) METADATA FROM 'expiry', PRIMARY KEY (id) NOT ENFORCED",
              "version",
              "arrival")
          .run(
              "INSERT INTO t VALUES ('gone', TO_TIMESTAMP_LTZ(1, 3)),"
                  + " ('here', CAST(NULL AS TIMESTAMP_LTZ(3)))");
      assertThat(asked(sql, "SELECT id FROM t WHERE id IN ('gone', 'here')", "+I[here]"))
          .isEqualTo(2);
    }
  }

  @Test
  void compositeKeysAreAskedForOrAreARange() throws Exception {
    try (Sql sql = Sql.batch()) {
      sql.table(
              "t", "b INT, v INT, a STRING, PRIMARY KEY (a, b) NOT ENFORCED", "version", "arrival")
          .run(
              "INSERT INTO t VALUES (1, 1, 'x'), (2, 2, 'x'), (3, 3, 'x'), (1, 4, 'y'), (9, 5, 'z')");
      assertThat(asked(sql, "SELECT v FROM t WHERE b = 2 AND a = 'x'", "+I[2]")).isEqualTo(1);
      assertThat(
              asked(
                  sql,
                  "SELECT v FROM t WHERE (a, b) IN (('x', 1), ('y', 1), ('z', 1))",
                  "+I[1]",
                  "+I[4]"))
          .isEqualTo(3);
      assertThat(
              asked(
                  sql,
                  "SELECT v FROM t WHERE a IN ('x', 'y') AND b IN (1, 3)",
                  "+I[1]",
                  "+I[3]",
                  "+I[4]"))
          .isEqualTo(4);
      assertThat(scanned(sql, "SELECT v FROM t WHERE a = 'x'", "+I[1]", "+I[2]", "+I[3]"))
          .isEqualTo(3);
      assertThat(scanned(sql, "SELECT v FROM t WHERE a = 'x' AND b > 1 AND v > 2", "+I[3]"))
          .isEqualTo(2);
      assertThat(scanned(sql, "SELECT v FROM t WHERE b = 9", "+I[5]")).isEqualTo(5);
      assertThat(
              scanned(sql, "SELECT v FROM t WHERE a = 'x' AND (b = 2 OR v = 3)", "+I[2]", "+I[3]"))
          .isEqualTo(3);
    }
  }

  /** The planner adds casts to constants and columns, which depend on the type. */
  @Test
  void keysOfAllTypesAreAskedFor() throws Exception {
    String[][] types = {
      {"CHAR(3)", "'abc'", "k = 'abc'"},
      {"VARCHAR(9)", "'abc'", "k IN ('abc', 'longer than the column')"},
      {"BOOLEAN", "TRUE", "k"},
      {"BOOLEAN", "FALSE", "k = FALSE"},
      {"TINYINT", "CAST(7 AS TINYINT)", "k = 7"},
      {"SMALLINT", "CAST(7 AS SMALLINT)", "k = 7"},
      {"INT", "7", "k = 7.0"},
      {"BIGINT", "CAST(7 AS BIGINT)", "k = 7"},
      {"DECIMAL(7, 2)", "CAST(7.5 AS DECIMAL(7, 2))", "k = 7.5"},
      {"BYTES", "x'0700'", "k = x'0700'"},
      {"BINARY(2)", "x'0700'", "k = x'0700'"},
      {"DATE", "DATE '2020-02-29'", "k = DATE '2020-02-29'"},
      {"DATE", "DATE '2020-02-29'", "k = '2020-02-29'"},
      {"TIME", "TIME '10:11:12'", "k = TIME '10:11:12'"},
      {
        "TIMESTAMP(3)",
        "TIMESTAMP '2020-02-29 10:11:12.123'",
        "k = TIMESTAMP '2020-02-29 10:11:12.123'"
      },
      {"TIMESTAMP(9)", "TIMESTAMP '2020-02-29 10:11:12'", "k = '2020-02-29 10:11:12'"},
      {"TIMESTAMP_LTZ(3)", "TO_TIMESTAMP_LTZ(5, 3)", "k = TO_TIMESTAMP_LTZ(5, 3)"},
      {
        "TIMESTAMP_LTZ(3)",
        "CAST(TIMESTAMP '2020-02-29 10:11:12.123' AS TIMESTAMP_LTZ(3))",
        "k = TIMESTAMP '2020-02-29 10:11:12.123'"
      },
    };
    try (Sql sql = Sql.batch()) {
      sql.env.getConfig().setLocalTimeZone(ZoneId.of("Asia/Shanghai"));
      for (int i = 0; i < types.length; i++) {
        String name = "t" + i;
        sql.table(name, "k " + types[i][0] + ", PRIMARY KEY (k) NOT ENFORCED", "version", "arrival")
            .run("INSERT INTO " + name + " VALUES (" + types[i][1] + ")");
        String query = "SELECT COUNT(*) FROM " + name + " WHERE " + types[i][2];
        assertThat(asked(sql, query, "+I[1]")).as(String.join(" ", types[i])).isPositive();
      }
    }
  }

  /** Returns the number of keys that the store was asked for. Asserts that it was not scanned. */
  private static double asked(Sql sql, String query, String... rows) throws Exception {
    DimMetrics.Snapshot before = DimMetrics.snapshot();
    assertThat(sql.rows(query)).as(query).containsExactly(rows);
    DimMetrics.Snapshot counted = DimMetrics.snapshot().since(before);
    assertThat(counted.sum("store.memory.", ".scan.requests")).as("scans of " + query).isZero();
    return counted.sum("store.memory.", ".get.keys");
  }

  @Test
  void keysOfNumbersAreReadByRangeToo() throws Exception {
    try (Sql sql = Sql.batch()) {
      sql.table("t", "n BIGINT, PRIMARY KEY (n) NOT ENFORCED", "version", "arrival")
          .run("INSERT INTO t VALUES (-5), (0), (3), (9223372036854775807)");
      assertThat(scanned(sql, "SELECT n FROM t WHERE n = 3", "+I[3]")).isEqualTo(1);
      assertThat(scanned(sql, "SELECT n FROM t WHERE n BETWEEN -5 AND 0", "+I[-5]", "+I[0]"))
          .isEqualTo(2);
      assertThat(
              scanned(
                  sql,
                  "SELECT n FROM t WHERE n <= 9223372036854775807 AND n > 2",
                  "+I[3]",
                  "+I[9223372036854775807]"))
          .isEqualTo(2);
    }
  }

  /** Returns the number of rows that were read from the store. */
  private static double scanned(Sql sql, String query, String... rows) throws Exception {
    String figure = DimMetrics.table("memory", "t", DimMetrics.ROWS_SCANNED);
    DimMetrics.Snapshot before = DimMetrics.snapshot();
    assertThat(sql.rows(query)).containsExactly(rows);
    return DimMetrics.snapshot().since(before).value(figure);
  }
}
