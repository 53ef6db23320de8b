// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.stock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.flink.DimMetrics;
import io.dimstore.stack.LocalStackExtension;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lookup joins by the first columns of a key, on the real stores. */
class KeyPrefixIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis", "dynamodb");

  @RegisterExtension static final MiniClusterExtension cluster = TwoConnectors.cluster();

  private static final int SHOPS = 200;
  private static final String ASKED =
      "(SELECT shop, PROCTIME() AS t FROM (VALUES (-7), (5), (150), (999)) AS v (shop)) AS o";

  private final String table = "prefix_" + UUID.randomUUID().toString().substring(0, 8);
  private final StreamTableEnvironment env;

  KeyPrefixIT() {
    StreamExecutionEnvironment streams = StreamExecutionEnvironment.getExecutionEnvironment();
    streams.setParallelism(1);
    this.env = StreamTableEnvironment.create(streams);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hbase-redis", "dynamodb"})
  void eachLookupIsOneRequestThatReadsJustItsRows(String store) throws Exception {
    declare(store, "shop, sku", "retry-timeout", "1 min");
    StringBuilder rows = new StringBuilder("(-7, 'a', 1, 'minus')");
    for (int shop = 0; shop < SHOPS; shop++) {
      rows.append(", (%d, 'a', 1, 'A%d'), (%d, 'b', 1, 'B%d')".formatted(shop, shop, shop, shop));
    }
    env.executeSql("INSERT INTO items VALUES " + rows).await();
    DimMetrics.Snapshot before = DimMetrics.snapshot();

    assertThat(
            rows(
                "SELECT o.shop, i.sku, i.title FROM "
                    + ASKED
                    + " LEFT JOIN items FOR SYSTEM_TIME AS OF o.t AS i ON o.shop = i.shop"))
        .containsExactly(
            "+I[-7, a, minus]",
            "+I[150, a, A150]",
            "+I[150, b, B150]",
            "+I[5, a, A5]",
            "+I[5, b, B5]",
            "+I[999, null, null]");

    String server = store.equals("dynamodb") ? "dynamodb" : "hbase";
    DimMetrics.Snapshot counted = DimMetrics.snapshot().since(before);
    String scans = "store." + store + "." + server + ".scan.";
    assertThat(counted.value(scans + DimMetrics.REQUESTS)).isEqualTo(4);
    if (store.equals("dynamodb")) {
      assertThat(counted.value(scans + DimMetrics.KEYS)).isEqualTo(5);
      // The table has 401 items; a read of all would take 10 units or more.
      assertThat(counted.value(scans + DimMetrics.READ_UNITS)).isLessThanOrEqualTo(4);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "dynamodb, 'shop, sku, lot', dynamodb.deadline, 20 s",
    "hbase-redis, 'shop, sku', hbase-redis.key-codec, reversed"
  })
  void aTableThatWouldBeReadAsAWholeIsRefused(String store, String key, String option, String value)
      throws Exception {
    declare(store, key, option, value);
    env.executeSql("INSERT INTO items VALUES (5, 'a', 1, 'A')").await();

    assertThatThrownBy(
            () ->
                rows(
                    "SELECT o.shop, i.title FROM "
                        + ASKED
                        + " JOIN items FOR SYSTEM_TIME AS OF o.t AS i ON o.shop = i.shop"))
        .hasStackTraceContaining("would read the whole table each time");
  }

  private void declare(String store, String key, String option, String value) {
    env.executeSql(
        "CREATE TEMPORARY TABLE items (shop INT, sku STRING, lot INT, title STRING, PRIMARY KEY ("
            + key
            + ") NOT ENFORCED) WITH ('connector' = 'dim', 'store' = '"
            + store
            + "', 'table' = '"
            + table
            + "', 'version' = 'arrival', 'version.max-clock-skew' = '0 s'"
            + StackTables.options(Map.of(option, value))
            + StackTables.options(stack, store)
            + ")");
  }

  private List<String> rows(String query) throws Exception {
    return StackTables.rows(env, query);
  }
}
