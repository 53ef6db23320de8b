// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.FaultyStoreFactory;
import io.dimstore.flink.Sql;
import io.dimstore.spi.SharedBudget.Use;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the subtasks of all operators of a job share what the job may use per second. */
class SharedBudgetTest {

  @RegisterExtension static final MiniClusterExtension CLUSTER = Sql.cluster();

  @BeforeEach
  void forget() {
    FaultyStoreFactory.PARTS.clear();
  }

  private static Sql users(String... options) throws Exception {
    return Sql.streaming(2)
        .table(
            "users",
            "id STRING, v BIGINT, PRIMARY KEY (id) NOT ENFORCED",
            Stream.concat(Stream.of("store", "faulty", "version.column", "v"), Stream.of(options))
                .toArray(String[]::new));
  }

  @Test
  void twoSubtasksOfASinkWriteWithHalfEach() throws Exception {
    try (Sql sql = users("sink.parallelism", "2")) {
      sql.run("INSERT INTO users VALUES ('a', 1), ('b', 2)");
      assertThat(FaultyStoreFactory.PARTS).containsOnlyKeys(Use.WRITE);
      assertShared(Use.WRITE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void twoSubtasksOfALookupReadWithHalfEach(String async) throws Exception {
    try (Sql sql = users()) {
      sql.run("INSERT INTO users VALUES ('a', 1), ('b', 2)");
      FaultyStoreFactory.PARTS.clear();
      sql.env.executeSql(
          "CREATE TEMPORARY TABLE asked (id STRING, t AS PROCTIME()) WITH ('connector' = 'datagen',"
              + " 'number-of-rows' = '20', 'fields.id.length' = '1')");
      sql.rows(
          "SELECT /*+ LOOKUP('table'='u', 'async'='"
              + async
              + "') */ o.id, u.v FROM asked o LEFT JOIN users FOR SYSTEM_TIME AS OF o.t u ON o.id = u.id");
      assertShared(Use.READ);
    }
  }

  @Test
  void twoReadersOfAScanReadWithHalfEach() throws Exception {
    try (Sql sql = users()) {
      sql.run("INSERT INTO users VALUES ('a', 1), ('b', 2)");
      FaultyStoreFactory.PARTS.clear();
      assertThat(sql.rows("SELECT id FROM users")).containsExactly("+I[a]", "+I[b]");
      assertShared(Use.READ);
    }
  }

  private static void assertShared(Use use) {
    List<Double> parts = FaultyStoreFactory.PARTS.get(use);
    assertThat(parts).containsExactly(0.5, 0.5);
    assertThat(parts.stream().mapToDouble(Double::doubleValue).sum()).isEqualTo(1);
    assertThat(FaultyStoreFactory.LEFT).as("parts still taken when the job is over").hasValue(0);
  }
}
