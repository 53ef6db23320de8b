// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.stock;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.stack.LocalStackExtension;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two statements of one job that update different columns of the same rows, on the real stores. */
class PartialUpdateIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis", "dynamodb");

  @RegisterExtension static final MiniClusterExtension cluster = TwoConnectors.cluster();

  private static final int USERS = 50;
  private static final int UPDATES = 10;

  private final StreamTableEnvironment env;

  PartialUpdateIT() {
    StreamExecutionEnvironment streams = StreamExecutionEnvironment.getExecutionEnvironment();
    streams.setParallelism(2);
    this.env = StreamTableEnvironment.create(streams);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hbase-redis", "dynamodb"})
  void concurrentStatementsLoseNothing(String store) throws Exception {
    declare("scores", store, "scored");
    declare("segments", store, "segmented");
    int last = USERS * UPDATES - 1;
    env.executeSql(
        "CREATE TEMPORARY TABLE changes (n BIGINT) WITH ('connector' = 'datagen', 'number-of-rows'"
            + " = '%d', 'fields.n.kind' = 'sequence', 'fields.n.start' = '0', 'fields.n.end' = '%d')"
                .formatted(last + 1, last));
    String id = "CAST(MOD(n, " + USERS + ") AS INT)";
    StatementSet both = env.createStatementSet();
    both.addInsertSql(
        "INSERT INTO scores (id, score, scored) SELECT " + id + ", CAST(n AS INT), n FROM changes");
    both.addInsertSql(
        "INSERT INTO segments (id, segment, segmented) SELECT "
            + id
            + ", 's' || CAST(n AS STRING), n FROM changes");
    both.execute().await();

    List<String> expected = new ArrayList<>();
    for (int user = 0; user < USERS; user++) {
      int newest = USERS * (UPDATES - 1) + user;
      expected.add("+I[%d, %d, %d, s%d, %d]".formatted(user, newest, newest, newest, newest));
    }
    expected.sort(null);
    assertThat(rows("SELECT * FROM scores")).isEqualTo(expected);
    // A lookup of hbase-redis reads Redis, which has to follow each update.
    assertThat(
            rows(
                "SELECT u.id, s.score, s.scored, s.segment, s.segmented FROM (SELECT id, PROCTIME()"
                    + " AS t FROM (SELECT DISTINCT "
                    + id
                    + " AS id FROM changes)) AS u JOIN scores FOR SYSTEM_TIME AS OF u.t AS s"
                    + " ON s.id = u.id"))
        .isEqualTo(expected);
  }

  private void declare(String name, String store, String version) {
    env.executeSql(
        "CREATE TEMPORARY TABLE "
            + name
            + " (id INT, score INT, scored BIGINT, segment STRING, segmented BIGINT, PRIMARY KEY"
            + " (id) NOT ENFORCED) WITH ('connector' = 'dim', 'store' = '"
            + store
            + "', 'table' = 'partial_users', 'retry-timeout' = '1 min', 'sink.partial-update' ="
            + " 'true', 'version.column' = '"
            + version
            + "'"
            + StackTables.options(stack, store)
            + ")");
  }

  private List<String> rows(String query) throws Exception {
    return StackTables.rows(env, query);
  }
}
