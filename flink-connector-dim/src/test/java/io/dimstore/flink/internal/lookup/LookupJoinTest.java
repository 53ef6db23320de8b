// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.flink.DimMetrics;
import io.dimstore.flink.Sql;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  private static String async(String value) {
    return "/*+ LOOKUP('table'='u', 'async'='" + value + "') */ ";
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void aLeftJoinKeepsEventsWithoutARow(String async) throws Exception {
    try (Sql sql = withUsers()) {
      assertThat(
              sql.rows(
                  "SELECT "
                      + async(async)
                      + "o.id, u.country, u.level FROM "
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
    try (Sql sql = withUsers()) {
      assertThat(
              sql.rows(
                  "SELECT "
                      + async(async)
                      + "o.id, u.level, u.v FROM "
                      + ASK
                      + " o JOIN users FOR SYSTEM_TIME AS OF o.t u ON o.id = u.id"))
          .containsExactly("+I[a, 1, 10]", "+I[a, 1, 10]", "+I[b, 2, 10]");
    }
  }

  @Test
  void onlyTheKeyIsReadIfNoOtherColumnIsSelected() throws Exception {
    try (Sql sql = withUsers()) {
      assertThat(
              sql.rows(
                  "SELECT o.id, u.id FROM "
                      + ASK
                      + " o LEFT JOIN users FOR SYSTEM_TIME AS OF o.t u ON o.id = u.id"))
          .contains("+I[a, a]", "+I[b, b]", "+I[nobody, null]");
    }
  }

  @Test
  void theColumnsOfAKeyMayBeJoinedInAnyOrderAndOthersAreCompared() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      sql.table(
              "items",
              "shop INT, title STRING, sku STRING, PRIMARY KEY (sku, shop) NOT ENFORCED",
              "version",
              "arrival")
          .run(
              "INSERT INTO items VALUES (1, 'one', 'x'), (2, 'two', 'x'), (2, CAST(NULL AS STRING), 'y')");
      String ask =
          "(SELECT shop, sku, title, PROCTIME() AS t FROM (VALUES (1, 'x', 'one'), (2, 'x', 'one'),"
              + " (2, 'y', CAST(NULL AS STRING))) AS v (shop, sku, title)) o";
      assertThat(
              sql.rows(
                  "SELECT o.shop, o.sku, i.title FROM "
                      + ask
                      + " JOIN items FOR SYSTEM_TIME AS OF o.t i ON o.shop = i.shop AND o.sku ="
                      + " i.sku"))
          .containsExactly("+I[1, x, one]", "+I[2, x, two]", "+I[2, y, null]");
      assertThat(
              sql.rows(
                  "SELECT o.shop, o.sku, i.title FROM "
                      + ask
                      + " LEFT JOIN items FOR SYSTEM_TIME AS OF o.t i ON o.sku = i.sku AND o.title"
                      + " = i.title AND o.shop = i.shop"))
          .containsExactly("+I[1, x, one]", "+I[2, x, null]", "+I[2, y, null]");
      assertThat(
              sql.rows(
                  "SELECT o.shop, i.title FROM "
                      + ask
                      + " JOIN items FOR SYSTEM_TIME AS OF o.t i ON o.shop = i.shop AND i.sku = 'x'"
                      + " AND o.sku = 'x'"))
          .containsExactly("+I[1, one]", "+I[2, two]");
    }
  }

  @Test
  void manyConcurrentLookupsGetTheirOwnRowsAlsoWhereObjectsAreReused() throws Exception {
    try (Sql sql = Sql.streaming(2)) {
      sql.streams.getConfig().enableObjectReuse();
      String numbers = "(VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9))";
      String ids =
          "(SELECT a * 100 + b * 10 + c AS n FROM "
              + numbers
              + " x (a), "
              + numbers
              + " y (b), "
              + numbers
              + " z (c))";
      sql.table(
              "many",
              "id STRING, n INT, PRIMARY KEY (id) NOT ENFORCED",
              "version",
              "arrival",
              "lookup.batch-size",
              "7")
          .run(
              "INSERT INTO many SELECT 'k' || CAST(n AS STRING), n FROM " + ids + " WHERE n < 900");
      DimMetrics.Snapshot before = DimMetrics.snapshot();
      List<String> rows =
          sql.rows(
              "SELECT o.n, m.n FROM (SELECT n, 'k' || CAST(n AS STRING) AS id, PROCTIME() AS t FROM "
                  + ids
                  + ") o LEFT JOIN many FOR SYSTEM_TIME AS OF o.t m ON o.id = m.id");
      assertThat(rows).hasSize(1_000);
      for (int n = 0; n < 1_000; n++) {
        assertThat(rows).contains("+I[" + n + ", " + (n < 900 ? n : null) + "]");
      }
      DimMetrics.Snapshot counted = DimMetrics.snapshot().since(before);
      assertThat(counted.value(DimMetrics.table("memory", "many", DimMetrics.LOOKUPS)))
          .isEqualTo(1_000);
      assertThat(counted.value(DimMetrics.table("memory", "many", DimMetrics.LOOKUPS_FOUND)))
          .isEqualTo(900);
      assertThat(counted.value("store.memory.memory.get." + DimMetrics.KEYS)).isEqualTo(1_000);
      assertThat(counted.value("store.memory.memory.get." + DimMetrics.REQUESTS))
          .isBetween(1_000 / 7.0, 1_000.0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void partialCacheReadsEachKeyFromTheStoreOnce(String async) throws Exception {
    try (Sql sql = withUsers("lookup.cache", "PARTIAL")) {
      DimMetrics.Snapshot before = DimMetrics.snapshot();
      assertThat(
              sql.rows(
                  "SELECT "
                      + async(async)
                      + "o.id, u.level FROM "
                      + ASK
                      + " o JOIN users FOR SYSTEM_TIME AS OF o.t u ON o.id = u.id"))
          .containsExactly("+I[a, 1]", "+I[a, 1]", "+I[b, 2]");
      assertThat(counted(before, "users", DimMetrics.LOOKUPS)).isEqualTo(4);
      assertThat(counted(before, "users", DimMetrics.KEYS_READ)).isEqualTo(3);
      assertThat(counted(before, "users", DimMetrics.CACHE_MISSES)).isBetween(3.0, 4.0);
      assertThat(DimMetrics.snapshot().value(table("users", DimMetrics.CACHE_BYTES)))
          .as("the last job that used the cache has closed it")
          .isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"true, PARTIAL, 1", "false, PARTIAL, 1", "true, FULL, 0"})
  void cachedRowIsReplacedWhenTheFeedReportsAChange(String async, String cache, double reads)
      throws Exception {
    try (Sql sql = Sql.streaming(2)) {
      sql.table(
              "followed",
              "id STRING, level INT, v BIGINT, PRIMARY KEY (id) NOT ENFORCED",
              "version.column",
              "v",
              "memory.change-feed",
              "true",
              "lookup.cache",
              cache,
              "lookup.cache.max-age",
              "1 h")
          .run("INSERT INTO followed VALUES ('a', 1, 1)");
      sql.env.executeSql(
          "CREATE TABLE events (n INT, t AS PROCTIME()) WITH ('connector' = 'datagen',"
              + " 'rows-per-second' = '100')");
      DimMetrics.Snapshot before = DimMetrics.snapshot();
      TableResult running =
          sql.env.executeSql(
              "SELECT "
                  + async(async)
                  + "u.level FROM (SELECT 'a' AS id, t FROM events) o LEFT JOIN followed"
                  + " FOR SYSTEM_TIME AS OF o.t u ON o.id = u.id");
      try (CloseableIterator<Row> rows = running.collect()) {
        assertThat(rows.next()).isEqualTo(Row.of(1));
        sql.run("INSERT INTO followed VALUES ('a', 2, 2)");
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!Row.of(2).equals(rows.next())) {
          assertThat(System.nanoTime()).isLessThan(end);
        }
        assertThat(counted(before, "followed", DimMetrics.KEYS_READ))
            .as("both subtasks use the row that one of them read, or that was there before")
            .isEqualTo(reads);
        assertThat(counted(before, "followed", DimMetrics.CACHE_HITS)).isPositive();
      } finally {
        running.getJobClient().orElseThrow().cancel().get();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "memory, keeps no changes",
    "faulty, Remedy: set 'lookup.cache' = 'PARTIAL'",
  })
  void cacheOfAWholeTableNeedsAFeed(String store, String reason) throws Exception {
    try (Sql sql = withUsers("lookup.cache", "FULL", "store", store)) {
      assertThatThrownBy(
              () ->
                  sql.rows(
                      "SELECT u.level FROM "
                          + ASK
                          + " o JOIN users FOR SYSTEM_TIME AS OF o.t u ON o.id = u.id"))
          .hasStackTraceContaining(reason);
    }
  }

  private static double counted(DimMetrics.Snapshot before, String table, String metric) {
    return DimMetrics.snapshot().since(before).value(table(table, metric));
  }

  private static String table(String table, String metric) {
    return DimMetrics.table("memory", table, metric);
  }
}
