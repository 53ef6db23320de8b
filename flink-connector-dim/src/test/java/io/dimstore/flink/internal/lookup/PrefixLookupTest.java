// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.flink.FaultyStoreFactory;
import io.dimstore.flink.LogWarnings;
import io.dimstore.flink.Sql;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lookup joins that give only the first columns of a key. */
class PrefixLookupTest {

  @RegisterExtension static final MiniClusterExtension CLUSTER = Sql.cluster();

  private static final String SHOPS =
      "(SELECT shop, title, PROCTIME() AS t FROM (VALUES (1, 'one'), (2, 'two'), (3, 'no'),"
          + " (CAST(NULL AS INT), 'one')) AS v (shop, title)) o";

  private static Sql withItems(String... options) throws Exception {
    Sql sql = Sql.streaming(1);
    List<String> all = new ArrayList<>(List.of("version", "arrival"));
    all.addAll(List.of(options));
    return sql.table(
            "items",
            "shop INT, sku STRING, title STRING, lot INT, PRIMARY KEY (shop, sku, lot) NOT ENFORCED",
            all.toArray(String[]::new))
        .run(
            "INSERT INTO items VALUES (1, 'x', 'one', 1), (1, 'x', 'two', 2), (1, 'y', 'one', 1),"
                + " (2, 'x', 'two', 1), (-1, 'x', 'one', 1), (11, 'x', 'one', 1)");
  }

  private static String join(String async, String kind, String condition) {
    return "SELECT /*+ LOOKUP('table'='i', 'async'='"
        + async
        + "') */ o.shop, i.sku, i.lot, i.title FROM "
        + SHOPS
        + " "
        + kind
        + " JOIN items FOR SYSTEM_TIME AS OF o.t i ON "
        + condition;
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void allRowsWhoseKeyBeginsWithTheValueAreFound(String async) throws Exception {
    try (Sql sql = withItems("scan.page-size", "2")) {
      assertThat(sql.rows(join(async, "INNER", "o.shop = i.shop")))
          .containsExactly(
              "+I[1, x, 1, one]", "+I[1, x, 2, two]", "+I[1, y, 1, one]", "+I[2, x, 1, two]");
      assertThat(sql.rows(join(async, "LEFT", "o.shop = i.shop")))
          .containsExactly(
              "+I[1, x, 1, one]",
              "+I[1, x, 2, two]",
              "+I[1, y, 1, one]",
              "+I[2, x, 1, two]",
              "+I[3, null, null, null]",
              "+I[null, null, null, null]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void twoOfThreeKeyColumnsAreAPrefixToo(String async) throws Exception {
    try (Sql sql = withItems()) {
      assertThat(sql.rows(join(async, "INNER", "o.shop = i.shop AND i.sku = 'x'")))
          .containsExactly("+I[1, x, 1, one]", "+I[1, x, 2, two]", "+I[2, x, 1, two]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void otherColumnsAndLaterKeyColumnsAreCompared(String async) throws Exception {
    try (Sql sql = withItems()) {
      assertThat(sql.rows(join(async, "LEFT", "o.shop = i.shop AND o.title = i.title")))
          .containsExactly(
              "+I[1, x, 1, one]",
              "+I[1, y, 1, one]",
              "+I[2, x, 1, two]",
              "+I[3, null, null, null]",
              "+I[null, null, null, null]");
      assertThat(sql.rows(join(async, "INNER", "o.shop = i.shop AND i.lot = 2")))
          .containsExactly("+I[1, x, 2, two]");
    }
  }

  @Test
  void deletedRowsAreNotFound() throws Exception {
    try (Sql sql = withItems()) {
      TableSpec items =
          new TableSpec(
              "items",
              List.of(
                  new Column("shop", DataType.Simple.INT),
                  new Column("sku", DataType.STRING),
                  new Column("title", DataType.STRING),
                  new Column("lot", DataType.Simple.INT)),
              List.of("shop", "sku", "lot"));
      try (DimensionStore store =
          DimensionStores.open(
              "memory",
              Map.of("instance", sql.instance),
              StoreMetrics.NONE,
              InstantSource.system())) {
        store
            .table(items)
            .write(List.of(new Delete(Key.of(1, "x", 1), System.currentTimeMillis() + 60_000)))
            .toCompletableFuture()
            .get();
      }
      assertThat(sql.rows(join("true", "INNER", "o.shop = i.shop AND i.sku = 'x'")))
          .containsExactly("+I[1, x, 2, two]", "+I[2, x, 1, two]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void aFailureThatMayBeTemporaryIsRetried(String async) throws Exception {
    try (Sql sql = withItems("store", "faulty")) {
      FaultyStoreFactory.failNext(3, StoreException.Kind.UNAVAILABLE);
      assertThat(sql.rows(join(async, "INNER", "o.shop = i.shop")))
          .containsExactly(
              "+I[1, x, 1, one]", "+I[1, x, 2, two]", "+I[1, y, 1, one]", "+I[2, x, 1, two]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void anUnreadableRowFailsTheLookup(String async) throws Exception {
    FaultyStoreFactory.unreadable = Set.of(2);
    try (Sql sql = withItems("store", "faulty")) {
      assertThatThrownBy(() -> sql.rows(join(async, "INNER", "o.shop = i.shop")))
          .hasStackTraceContaining("made to be unreadable");
    } finally {
      FaultyStoreFactory.unreadable = Set.of();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void aStoreThatWouldReadTheWholeTableIsNotAsked(String async) throws Exception {
    FaultyStoreFactory.bounded = false;
    try (Sql sql = withItems("store", "faulty")) {
      assertThatThrownBy(() -> sql.rows(join(async, "INNER", "o.shop = i.shop")))
          .hasStackTraceContaining(
              "A lookup by the first key columns (shop) would read the whole table each time")
          .hasStackTraceContaining("join ON equality of every key column (shop, sku, lot)");
    } finally {
      FaultyStoreFactory.bounded = true;
    }
  }

  @Test
  void aSelectThatReadsTheWholeTableForARangeOfKeysIsLogged() throws Exception {
    FaultyStoreFactory.bounded = false;
    try (LogWarnings warnings = LogWarnings.of("io.dimstore.flink.internal.source.ScanEnumerator");
        Sql sql = withItems("store", "faulty")) {
      assertThat(sql.rows("SELECT sku FROM items WHERE shop = 2")).containsExactly("+I[x]");
      assertThat(warnings.texts())
          .anySatisfy(
              text -> assertThat(text).contains("is read as a whole for keyPrefix=[shop=2]"));
    } finally {
      FaultyStoreFactory.bounded = true;
    }
  }
}
