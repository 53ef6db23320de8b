// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.DimMetrics;
import io.dimstore.flink.Sql;
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
          .isEqualTo(2);
      assertThat(scanned(sql, "SELECT id FROM t WHERE 'w' >= id", "+I[v]", "+I[w]")).isEqualTo(2);
      assertThat(scanned(sql, "SELECT id FROM t WHERE id > 'x' AND id < 'v'")).isZero();
      assertThat(scanned(sql, "SELECT id FROM t WHERE id <> 'x' AND a = 2", "+I[y]")).isEqualTo(5);
    }
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
