// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.Sql;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests {@code 'version' = 'arrival'} in consecutive jobs. */
class ArrivalTest {

  @RegisterExtension static final MiniClusterExtension CLUSTER = Sql.cluster();

  @Test
  void updateInANewJobWinsAfterALargeLoad() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      sql.env.executeSql(
          "CREATE TABLE numbers (n BIGINT) WITH ('connector' = 'datagen',"
              + " 'rows-per-second' = '10000000', 'number-of-rows' = '300000', 'fields.n.kind' = 'sequence', 'fields.n.start' = '1', 'fields.n.end' ="
              + " '300000')");
      sql.table(
              "t",
              "k BIGINT, s STRING, v BIGINT METADATA FROM 'version' VIRTUAL, PRIMARY KEY (k) NOT"
                  + " ENFORCED",
              "version",
              "arrival")
          .run("INSERT INTO t SELECT n, 'old' FROM numbers");
      long newest = (Long) sql.results("SELECT v FROM t WHERE k = 300000").get(0).getField(0);
      assertThat(newest).isLessThanOrEqualTo(System.currentTimeMillis());
      sql.run("INSERT INTO t VALUES (300000, 'new')");
      assertThat(sql.rows("SELECT k, s FROM t WHERE k = 300000"))
          .containsExactly("+I[300000, new]");
    }
  }
}
