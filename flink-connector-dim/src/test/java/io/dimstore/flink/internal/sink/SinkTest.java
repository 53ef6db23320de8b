// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.flink.FaultyStoreFactory;
import io.dimstore.flink.Sql;
import io.dimstore.flink.internal.store.SharedStore;
import io.dimstore.spi.StoreException;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SinkTest {

  @RegisterExtension static final MiniClusterExtension CLUSTER = Sql.cluster();

  private static final String COLUMNS = "id STRING, n INT, v BIGINT, PRIMARY KEY (id) NOT ENFORCED";

  @Test
  void aChangelogLeavesTheNewestRowOfEachKey() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      DataStream<Row> changes =
          sql.streams.fromData(
              Row.ofKind(RowKind.INSERT, "a", 1, 10L),
              Row.ofKind(RowKind.UPDATE_BEFORE, "a", 1, 10L),
              Row.ofKind(RowKind.UPDATE_AFTER, "a", 2, 20L),
              Row.ofKind(RowKind.INSERT, "b", 1, 10L),
              Row.ofKind(RowKind.DELETE, "b", 1, 10L),
              Row.ofKind(RowKind.INSERT, "c", 9, 30L),
              Row.ofKind(RowKind.UPDATE_AFTER, "c", 8, 20L));
      sql.env.createTemporaryView(
          "changes",
          sql.env.fromChangelogStream(
              changes,
              Schema.newBuilder()
                  .column("f0", "STRING NOT NULL")
                  .column("f1", "INT")
                  .column("f2", "BIGINT")
                  .primaryKey("f0")
                  .build(),
              ChangelogMode.all()));
      sql.table("t", COLUMNS, "version.column", "v", "sink.order", "version")
          .run("INSERT INTO t SELECT * FROM changes");
      assertThat(sql.rows("SELECT * FROM t")).containsExactly("+I[a, 2, 20]", "+I[c, 9, 30]");
    }
  }

  @Test
  void anAggregateIsKeptAsItsLastRow() throws Exception {
    try (Sql sql = Sql.streaming(2)) {
      sql.table("sums", "k STRING, s BIGINT, PRIMARY KEY (k) NOT ENFORCED", "version", "arrival")
          .run(
              "INSERT INTO sums SELECT k, SUM(n) FROM (VALUES ('a', CAST(1 AS BIGINT)), ('b', 5),"
                  + " ('a', 2), ('a', 3), ('b', 6)) AS x (k, n) GROUP BY k");
      assertThat(sql.rows("SELECT * FROM sums")).containsExactly("+I[a, 6]", "+I[b, 11]");
    }
  }

  @Test
  void versionAndExpiryAreMetadataColumns() throws Exception {
    try (Sql sql = Sql.batch()) {
      sql.table(
              "t",
              "id STRING, n INT, ver BIGINT METADATA FROM 'version', expires TIMESTAMP_LTZ(3)"
                  + " METADATA FROM 'expiry', PRIMARY KEY (id) NOT ENFORCED")
          .run(
              "INSERT INTO t VALUES ('stays', 1, 7, CAST(NULL AS TIMESTAMP_LTZ(3))), ('ends', 2, 8,"
                  + " TO_TIMESTAMP_LTZ(4102444800000, 3)), ('ended', 3, 9, TO_TIMESTAMP_LTZ(1000,"
                  + " 3))");
      assertThat(
              sql.rows(
                  "SELECT ver, id, expires IS NULL, expires = TO_TIMESTAMP_LTZ(4102444800000, 3)"
                      + " FROM t"))
          .containsExactly("+I[7, stays, true, null]", "+I[8, ends, false, true]");
    }
  }

  @Test
  void aTimestampIsAVersionInMilliseconds() throws Exception {
    try (Sql sql = Sql.batch()) {
      sql.table(
              "t",
              "id INT, seen TIMESTAMP(6), ver BIGINT METADATA FROM 'version' VIRTUAL, PRIMARY KEY"
                  + " (id) NOT ENFORCED",
              "version.column",
              "seen")
          .run("INSERT INTO t VALUES (1, TIMESTAMP '1970-01-02 00:00:00.001999')");
      assertThat(sql.rows("SELECT id, ver FROM t")).containsExactly("+I[1, 86400001]");
    }
  }

  @Test
  void aNullVersionFailsTheJobAndNamesTheKey() throws Exception {
    try (Sql sql = Sql.batch()) {
      sql.table("t", COLUMNS, "version.column", "v");
      assertThatThrownBy(() -> sql.run("INSERT INTO t VALUES ('x', 1, CAST(NULL AS BIGINT))"))
          .satisfies(
              e ->
                  assertThat(ExceptionUtils.stringifyException(e))
                      .contains("key [x]: the version in column 'v' is null"));
    }
  }

  @Test
  void aTableThatIsMissingIsCreatedOnlyIfAllowedAndByASinkAlone() throws Exception {
    try (Sql sql = Sql.batch()) {
      sql.table("t", COLUMNS, "version.column", "v", "create-table", "false");
      for (String statement :
          new String[] {"INSERT INTO t VALUES ('x', 1, 1)", "SELECT * FROM t"}) {
        assertThatThrownBy(() -> sql.rows(statement))
            .satisfies(
                e ->
                    assertThat(ExceptionUtils.stringifyException(e))
                        .contains("Opening table 't' of store 'memory' failed (NO_TABLE)"));
      }
    }
  }

  @Test
  void retryableFailuresAreRetriedInSinkScanAndLookup() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      sql.table("t", COLUMNS, "store", "faulty", "version.column", "v");
      FaultyStoreFactory.failNext(3, StoreException.Kind.UNAVAILABLE);
      sql.run("INSERT INTO t VALUES ('a', 1, 1)");
      FaultyStoreFactory.failNext(3, StoreException.Kind.THROTTLED);
      assertThat(sql.rows("SELECT * FROM t")).containsExactly("+I[a, 1, 1]");
      FaultyStoreFactory.failNext(3, StoreException.Kind.TIMEOUT);
      assertThat(
              sql.rows(
                  "SELECT t.n FROM (SELECT 'a' AS id, PROCTIME() AS p) o JOIN t FOR SYSTEM_TIME AS"
                      + " OF o.p ON o.id = t.id"))
          .containsExactly("+I[1]");
    }
  }

  @Test
  void permanentFailureFailsALookupAndIsNoMiss() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      sql.table("t", COLUMNS, "store", "faulty", "version.column", "v")
          .run("INSERT INTO t VALUES ('a', 1, 1)");
      FaultyStoreFactory.failNext(1, StoreException.Kind.DENIED);
      assertThatThrownBy(
              () ->
                  sql.rows(
                      "SELECT o.id, t.n FROM (SELECT 'a' AS id, PROCTIME() AS p) o LEFT JOIN t FOR"
                          + " SYSTEM_TIME AS OF o.p ON o.id = t.id"))
          .satisfies(
              e ->
                  assertThat(ExceptionUtils.stringifyException(e))
                      .contains(
                          "Lookup in table 't' of store 'faulty' failed (DENIED): made to fail"));
    }
  }

  @Test
  void everyStoreIsClosedWhenItsJobIsOver() throws Exception {
    try (Sql sql = Sql.streaming(2)) {
      sql.table("t", COLUMNS, "version.column", "v")
          .run("INSERT INTO t VALUES ('a', 1, 1)")
          .rows("SELECT * FROM t");
      assertThat(SharedStore.open()).isZero();
    }
  }
}
