// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.LogWarnings;
import io.dimstore.flink.Sql;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AsyncCapacityTest {

  @RegisterExtension static final MiniClusterExtension CLUSTER = Sql.cluster();

  private static final String CAPACITY = "table.exec.async-lookup.buffer-capacity";

  private LogWarnings warnings;

  @BeforeEach
  void listen() {
    warnings = LogWarnings.of(Lookup.class.getName());
  }

  @AfterEach
  void stopListening() {
    warnings.close();
  }

  @Test
  void capacityBelowTheBatchSizeNamesBothSettingsAndAValue() {
    assertThat(new AsyncCapacity(99).warning("table 'users' of store 'memory'", 100, 2))
        .startsWith("Lookups in table 'users' of store 'memory': ")
        .contains("'lookup.batch-size' is 100")
        .contains("only 99 lookups in flight ('" + CAPACITY + "')")
        .contains("Remedy: SET '" + CAPACITY + "' = '300'");
    assertThat(new AsyncCapacity(100).warning("table 'users'", 100, 2)).isNull();
  }

  /** Both joins are operators of one task, so that they have the store open at the same time. */
  @Test
  void jobWarnsOncePerTableHoweverManyJoinsItHas() throws Exception {
    try (Sql sql = withUsers(1)) {
      sql.rows(
          "SELECT /*+ LOOKUP('table'='u', 'async'='true'), LOOKUP('table'='w', 'async'='true') */"
              + " o.id, u.v, w.v FROM (SELECT id, PROCTIME() AS t FROM (VALUES ('a'), ('b')) AS v"
              + " (id)) o JOIN users FOR SYSTEM_TIME AS OF o.t u ON o.id = u.id"
              + " JOIN users FOR SYSTEM_TIME AS OF o.t w ON o.id = w.id");
    }
    assertThat(warnings.texts())
        .singleElement()
        .asString()
        .contains("'users'", "'lookup.batch-size' is 200", "only 100", "= '600'");
  }

  @Test
  void largeCapacityOrSynchronousLookupsNeedNoWarning() throws Exception {
    try (Sql sql = withUsers(2)) {
      sql.rows(join("false"));
      sql.env.getConfig().set(CAPACITY, "200");
      sql.rows(join("true"));
    }
    assertThat(warnings.texts()).isEmpty();
  }

  private static Sql withUsers(int parallelism) throws Exception {
    return Sql.streaming(parallelism)
        .table(
            "users",
            "id STRING, v BIGINT, PRIMARY KEY (id) NOT ENFORCED",
            "version.column",
            "v",
            "lookup.batch-size",
            "200")
        .run("INSERT INTO users VALUES ('a', 10)");
  }

  private static String join(String async) {
    return "SELECT /*+ LOOKUP('table'='u', 'async'='"
        + async
        + "') */ o.id, u.v FROM (SELECT id, PROCTIME() AS t FROM (VALUES ('a'), ('b'), ('c')) AS v"
        + " (id)) o JOIN users FOR SYSTEM_TIME AS OF o.t u ON o.id = u.id";
  }
}
