// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.flink.Sql;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Statements that each update some columns of a row. */
class PartialUpdateTest {

  @RegisterExtension static final MiniClusterExtension CLUSTER = Sql.cluster();

  private static final int USERS = 200;
  private static final int UPDATES = 20;

  private static final String COLUMNS =
      "id INT, score INT, scored BIGINT, segment STRING, segmented BIGINT,"
          + " PRIMARY KEY (id) NOT ENFORCED";

  /** Two declarations of one table, each with the version of the columns that it updates. */
  private static Sql withUsers(int parallelism) {
    return Sql.streaming(parallelism)
        .table("scores", COLUMNS, options("scored"))
        .table("segments", COLUMNS, options("segmented"));
  }

  private static String[] options(String version) {
    return new String[] {
      "stored", "users", "sink.partial-update", "true", "version.column", version
    };
  }

  @Test
  void eachStatementUpdatesTheColumnsThatItNames() throws Exception {
    try (Sql sql = withUsers(1)) {
      sql.run("INSERT INTO scores (id, score, scored) VALUES (1, 50, 10), (2, 60, 10)");
      sql.run("INSERT INTO segments (id, segment, segmented) VALUES (1, 'gold', 3), (3, 'new', 3)");
      sql.run("INSERT INTO scores (id, score, scored) VALUES (1, 51, 11), (2, 59, 9)");

      assertThat(sql.rows("SELECT * FROM scores"))
          .containsExactly(
              "+I[1, 51, 11, gold, 3]", "+I[2, 60, 10, null, null]", "+I[3, null, null, new, 3]");
    }
  }

  @Test
  void orderOfTheNamedColumnsIsThatOfTheStatement() throws Exception {
    try (Sql sql = withUsers(1)) {
      sql.run("INSERT INTO scores (scored, id, score) VALUES (10, 1, 50)");
      sql.run("INSERT INTO segments (segmented, segment, id) VALUES (5, 'gold', 1)");

      assertThat(sql.rows("SELECT * FROM scores")).containsExactly("+I[1, 50, 10, gold, 5]");
    }
  }

  @Test
  void concurrentStatementsLoseNothing() throws Exception {
    try (Sql sql = withUsers(2)) {
      sql.env.executeSql(
          "CREATE TABLE changes (n BIGINT) WITH ('connector' = 'datagen', 'number-of-rows' = '"
              + USERS * UPDATES
              + "', 'fields.n.kind' = 'sequence', 'fields.n.start' = '0', 'fields.n.end' = '"
              + (USERS * UPDATES - 1)
              + "')");
      StatementSet both = sql.env.createStatementSet();
      String id = "CAST(MOD(n, " + USERS + ") AS INT)";
      both.addInsertSql(
          "INSERT INTO scores (id, score, scored) SELECT "
              + id
              + ", CAST(n AS INT), n FROM changes");
      both.addInsertSql(
          "INSERT INTO segments (id, segment, segmented) SELECT "
              + id
              + ", 's' || CAST(n AS STRING), n FROM changes");
      both.execute().await();

      List<String> expected = new ArrayList<>();
      for (int user = 0; user < USERS; user++) {
        int last = USERS * (UPDATES - 1) + user;
        expected.add("+I[%d, %d, %d, s%d, %d]".formatted(user, last, last, last, last));
      }
      expected.sort(null);
      assertThat(sql.rows("SELECT * FROM scores")).isEqualTo(expected);
    }
  }

  @Test
  void retractedRowLosesItsColumnsOnly() throws Exception {
    try (Sql sql = withUsers(1)) {
      sql.run("INSERT INTO segments (id, segment, segmented) VALUES (1, 'gold', 3), (2, 'new', 3)");
      // The last change of user 1 does not pass the filter: its row is deleted.
      sql.run(
          "INSERT INTO scores (id, score, scored) SELECT id, score, scored FROM (SELECT id,"
              + " LAST_VALUE(score) AS score, MAX(scored) AS scored FROM (VALUES (1, 50,"
              + " CAST(10 AS BIGINT)), (2, 60, CAST(10 AS BIGINT)), (1, -1, CAST(11 AS BIGINT)))"
              + " AS c (id, score, scored) GROUP BY id) WHERE score > 0");

      List<String> rows = sql.rows("SELECT id, score, segment, segmented FROM scores");
      assertThat(rows).containsExactly("+I[1, null, gold, 3]", "+I[2, 60, new, 3]");
    }
  }

  @Test
  void statementWithoutTheVersionColumnIsRefused() throws Exception {
    try (Sql sql = withUsers(1)) {
      assertRefused(
          sql,
          "INSERT INTO scores (id, score) VALUES (1, 50)",
          "column 'scored', which the statement does not set");
    }
  }

  @Test
  void tableWithoutVersionColumnIsRefused() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      sql.table("users", COLUMNS, "sink.partial-update", "true", "version", "arrival");
      assertRefused(sql, "INSERT INTO users (id, score) VALUES (1, 50)", "has no 'version.column'");
    }
  }

  @Test
  void columnThatCannotBeNullIsRefused() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      sql.table(
          "users",
          "id INT, score INT NOT NULL, scored BIGINT, PRIMARY KEY (id) NOT ENFORCED",
          options("scored"));
      sql.run("INSERT INTO users (id, score, scored) VALUES (1, 50, 10)");
      assertRefused(
          sql,
          "INSERT INTO users (id, score, scored) SELECT id, COALESCE(MAX(score), 0), MAX(scored)"
              + " FROM (VALUES (1, 50, CAST(10 AS BIGINT))) AS c (id, score, scored) GROUP BY id",
          "column 'score', which is NOT NULL, and the statement deletes rows");
    }
  }

  @Test
  void storeThatCannotUpdatePartsOfRowsFailsTheJobAndIsNamed() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      sql.table(
          "users",
          COLUMNS,
          "store",
          "faulty",
          "sink.partial-update",
          "true",
          "version.column",
          "scored");
      assertThatThrownBy(() -> sql.run("INSERT INTO users (id, score, scored) VALUES (1, 50, 10)"))
          .rootCause()
          .hasMessageContaining("'sink.partial-update'")
          .hasMessageContaining("the store cannot update parts of the rows of table 'users'")
          .hasMessageContaining("Remedy: ");
    }
  }

  private static void assertRefused(Sql sql, String statement, String problem) {
    assertThatThrownBy(() -> sql.env.explainSql(statement))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("'sink.partial-update'")
        .hasMessageContaining(problem)
        .hasMessageContaining("Remedy: ");
  }
}
