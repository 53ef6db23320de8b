package io.dimstore.flink;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LookupJoinTest {

  @RegisterExtension static final MiniClusterExtension CLUSTER = Sql.cluster();

  private static final String ASK =
      "(SELECT id, PROCTIME() AS t FROM (VALUES ('a'), ('b'), ('nobody'), (CAST(NULL AS STRING)),"
          + " ('a')) AS v (id))";

  private static Sql withUsers(String... options) throws Exception {
    Sql sql = Sql.streaming(1);
    String[] all = new String[options.length + 2];
    System.arraycopy(options, 0, all, 0, options.length);
    all[options.length] = "version.column";
    all[options.length + 1] = "v";
    return sql.table(
            "users",
            "id STRING, country STRING, level INT, v BIGINT, PRIMARY KEY (id) NOT ENFORCED",
            all)
        .run("INSERT INTO users VALUES ('a', 'AT', 1, 10), ('b', CAST(NULL AS STRING), 2, 10)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void aLeftJoinKeepsEventsWithoutARow(String async) throws Exception {
    try (Sql sql = withUsers("lookup.async", async)) {
      assertThat(
              sql.rows(
                  "SELECT o.id, u.country, u.level FROM "
                      + ASK
                      + " o LEFT JOIN users FOR SYSTEM_TIME AS OF o.t u ON o.id = u.id"))
          .containsExactly(
              "+I[a, AT, 1]",
              "+I[a, AT, 1]",
              "+I[b, null, 2]",
              "+I[nobody, null, null]",
              "+I[null, null, null]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void anInnerJoinDropsThem(String async) throws Exception {
    try (Sql sql = withUsers("lookup.async", async)) {
      assertThat(
              sql.rows(
                  "SELECT o.id, u.level, u.v FROM "
                      + ASK
                      + " o JOIN users FOR SYSTEM_TIME AS OF o.t u ON o.id = u.id"))
          .containsExactly("+I[a, 1, 10]", "+I[a, 1, 10]", "+I[b, 2, 10]");
    }
  }

  @Test
  void onlyTheKeyIsReadWhereNothingElseIsAsked() throws Exception {
    try (Sql sql = withUsers()) {
      assertThat(
              sql.rows(
                  "SELECT o.id, u.id FROM "
                      + ASK
                      + " o LEFT JOIN users FOR SYSTEM_TIME AS OF o.t u ON o.id = u.id"))
          .contains("+I[a, a]", "+I[b, b]", "+I[nobody, null]");
    }
  }
}
