// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.flink.FaultyStoreFactory;
import io.dimstore.flink.Sql;
import io.dimstore.flink.internal.sink.deadletter.DeadLetterTableFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.Collector;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the final content of a table when a changelog returns to an older version. */
class ChangelogTest {

  @RegisterExtension static final MiniClusterExtension CLUSTER = Sql.cluster();

  private static final TypeInformation<Row> TYPE =
      Types.ROW(Types.STRING, Types.STRING, Types.STRING, Types.LONG);

  private static final AtomicInteger STARTS = new AtomicInteger();

  /** The options of the table, and its version column. */
  static Stream<List<String>> versions() {
    return Stream.of(
        List.of("v BIGINT", "version.column", "v"),
        List.of("v BIGINT METADATA FROM 'version'"),
        List.of("v BIGINT", "version", "arrival"));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void retractionOfTheNewestRowRestoresTheOlderOne(List<String> version) throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      changes(
          sql,
          row(RowKind.INSERT, "id1", "first", 10),
          row(RowKind.INSERT, "id2", "second", 20),
          row(RowKind.DELETE, "id2", "second", 20));
      table(sql, version.get(0), version.subList(1, version.size()).toArray(String[]::new));
      assertThat(sql.env.explainSql("INSERT INTO t SELECT f1, f2, f3 FROM c"))
          .contains("upsertMaterialize=[true]");
      sql.run("INSERT INTO t SELECT f1, f2, f3 FROM c");
      assertThat(sql.rows("SELECT k, s FROM t")).containsExactly("+I[a, first]");
    }
  }

  @Test
  void changesAfterARetractionWinEvenWithVersionsInBetween() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      changes(
          sql,
          row(RowKind.INSERT, "id1", "first", 10),
          row(RowKind.INSERT, "id2", "second", 20),
          row(RowKind.DELETE, "id2", "second", 20),
          row(RowKind.UPDATE_BEFORE, "id1", "first", 10),
          row(RowKind.UPDATE_AFTER, "id1", "third", 15));
      table(sql, "v BIGINT", "version.column", "v").run("INSERT INTO t SELECT f1, f2, f3 FROM c");
      assertThat(sql.rows("SELECT * FROM t")).containsExactly("+I[a, third, 15]");
    }
  }

  @Test
  void rowInsertedAgainAfterItsDeleteIsPresentEvenWithAnOlderVersion() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      changes(
          sql,
          row(RowKind.INSERT, "id1", "first", 20),
          row(RowKind.DELETE, "id1", "first", 20),
          row(RowKind.INSERT, "id1", "again", 15));
      table(sql, "v BIGINT", "version.column", "v").run("INSERT INTO t SELECT f0, f2, f3 FROM c");
      assertThat(sql.rows("SELECT * FROM t")).containsExactly("+I[id1, again, 15]");
    }
  }

  @Test
  void insertsOutOfOrderLeaveTheNewestAndCostNoState() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      table(sql, "v BIGINT", "version.column", "v");
      String insert =
          "INSERT INTO t VALUES ('a', 'new', CAST(20 AS BIGINT)), ('a', 'late', CAST(10 AS"
              + " BIGINT))";
      assertThat(operators(sql, insert)).doesNotContain("changelog order");
      sql.run(insert);
      assertThat(sql.rows("SELECT * FROM t")).containsExactly("+I[a, new, 20]");
    }
  }

  @Test
  void orderByVersionLeavesTheNewestOfAnyChangelog() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      changes(
          sql,
          row(RowKind.INSERT, "id1", "new", 20),
          row(RowKind.UPDATE_AFTER, "id1", "late", 10),
          row(RowKind.INSERT, "id2", "gone", 20),
          row(RowKind.DELETE, "id2", "gone", 20),
          row(RowKind.INSERT, "id2", "late", 10));
      table(sql, "v BIGINT", "version.column", "v", "sink.order", "version")
          .run("INSERT INTO t SELECT f0, f2, f3 FROM c");
      assertThat(sql.rows("SELECT * FROM t")).containsExactly("+I[id1, new, 20]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"version.column", "version"})
  void withoutAMaterializerRetractingTheNewestOfTwoRowsFailsTheJobPermanently(String option)
      throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      restartAlways(sql);
      sql.env.getConfig().set("table.exec.sink.upsert-materialize", "NONE");
      changes(
          sql,
          row(RowKind.INSERT, "id1", "first", 10),
          row(RowKind.INSERT, "id2", "second", 20),
          row(RowKind.DELETE, "id2", "second", 20));
      table(sql, "v BIGINT", option, option.equals("version") ? "arrival" : "v");
      STARTS.set(0);
      assertThatThrownBy(() -> sql.run("INSERT INTO t SELECT f1, f2, f3 FROM c"))
          .satisfies(
              e ->
                  assertThat(ExceptionUtils.stringifyException(e))
                      .contains("key [a]: the changelog retracts one of several rows")
                      .contains("SET 'table.exec.sink.upsert-materialize' = 'AUTO'"));
      assertThat(STARTS).hasValue(1);
    }
  }

  @Test
  void withoutAMaterializerAnOlderRowCanBeRetractedAndUpdatesApply() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      sql.env.getConfig().set("table.exec.sink.upsert-materialize", "NONE");
      changes(
          sql,
          row(RowKind.INSERT, "id1", "first", 10),
          row(RowKind.INSERT, "id2", "second", 20),
          row(RowKind.DELETE, "id1", "first", 10),
          row(RowKind.UPDATE_BEFORE, "id2", "second", 20),
          row(RowKind.UPDATE_AFTER, "id2", "third", 15));
      table(sql, "v BIGINT", "version.column", "v").run("INSERT INTO t SELECT f1, f2, f3 FROM c");
      assertThat(sql.rows("SELECT * FROM t")).containsExactly("+I[a, third, 15]");
    }
  }

  /** Changelogs in which an older row was stored above a newer version, and the row that stays. */
  static Stream<Arguments> fallBacks() {
    Row first = row(RowKind.INSERT, "id1", "first", 20);
    Row newer = row(RowKind.INSERT, "id3", "newer", 15);
    return Stream.of(
        Arguments.of(
            "+I[a, newer, 15]",
            List.of(
                first,
                row(RowKind.DELETE, "id1", "first", 20),
                row(RowKind.INSERT, "id2", "older", 10),
                newer,
                row(RowKind.DELETE, "id2", "older", 10))),
        Arguments.of(
            "+I[a, newer, 15]",
            List.of(
                first,
                row(RowKind.UPDATE_BEFORE, "id1", "first", 20),
                row(RowKind.UPDATE_AFTER, "id1", "older", 10),
                newer,
                row(RowKind.DELETE, "id1", "older", 10))),
        Arguments.of(
            "+I[a, older, 10]",
            List.of(
                first,
                row(RowKind.DELETE, "id1", "first", 20),
                row(RowKind.INSERT, "id2", "older", 10),
                row(RowKind.INSERT, "id4", "oldest", 5),
                row(RowKind.DELETE, "id4", "oldest", 5))));
  }

  @ParameterizedTest
  @MethodSource("fallBacks")
  void withoutAMaterializerRowsAreComparedByTheirOwnVersions(String left, List<Row> rows)
      throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      sql.env.getConfig().set("table.exec.sink.upsert-materialize", "NONE");
      changes(sql, rows.toArray(Row[]::new));
      table(sql, "v BIGINT", "version.column", "v").run("INSERT INTO t SELECT f1, f2, f3 FROM c");
      assertThat(sql.rows("SELECT * FROM t")).containsExactly(left);
    }
  }

  @Test
  void withoutAMaterializerRetractingTheNewestRowFailsTheJobAlsoAboveANewerVersion()
      throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      sql.env.getConfig().set("table.exec.sink.upsert-materialize", "NONE");
      changes(
          sql,
          row(RowKind.INSERT, "id1", "first", 20),
          row(RowKind.DELETE, "id1", "first", 20),
          row(RowKind.INSERT, "id2", "older", 10),
          row(RowKind.INSERT, "id3", "newer", 15),
          row(RowKind.DELETE, "id3", "newer", 15));
      table(sql, "v BIGINT", "version.column", "v");
      assertFails(sql, "key [a]: the changelog retracts one of several rows");
    }
  }

  @ParameterizedTest
  @MethodSource("invalidVersions")
  void withoutAMaterializerTheRetractionOfARefusedRowDeletesNothing(Long invalid) throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      changes(
          sql,
          row(RowKind.INSERT, "id1", "valid", 10),
          Row.ofKind(RowKind.INSERT, "id2", "a", "refused", invalid),
          Row.ofKind(RowKind.DELETE, "id2", "a", "refused", invalid));
      withDeadLetters(sql, "s STRING, v BIGINT").run("INSERT INTO t SELECT f1, f2, f3 FROM c");
      assertThat(sql.rows("SELECT * FROM t")).containsExactly("+I[a, valid, 10]");
      assertThat(DeadLetterTableFactory.letters(sql.instance))
          .extracting(letter -> ((String) letter.getField(2)).substring(0, 10))
          .containsExactly("{\"op\":\"+I\"", "{\"op\":\"-D\"");
    }
  }

  static Stream<Long> invalidVersions() {
    return Stream.of(null, -5L, Long.MAX_VALUE);
  }

  @Test
  void withoutAMaterializerTheVersionOfADeleteDoesNotMakeARefusedRowValid() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      changes(
          sql,
          row(RowKind.INSERT, "id1", "older", 5),
          row(RowKind.INSERT, "id2", "valid", 10),
          Row.ofKind(RowKind.INSERT, "id3", "a", "refused", null),
          Row.ofKind(RowKind.DELETE, "id3", "a", "refused", null),
          row(RowKind.DELETE, "id1", "older", 5));
      withDeadLetters(
              sql, "s STRING, v BIGINT, at_source BIGINT", "version.delete-column", "at_source")
          .run("INSERT INTO t SELECT f1, f2, f3, CAST(7 AS BIGINT) FROM c");
      assertThat(sql.rows("SELECT k, s FROM t")).containsExactly("+I[a, valid]");
    }
  }

  @Test
  void withoutAMaterializerADeleteWithOnlyItsKeyFailsTheJobIfItMayBeThatOfARefusedRow()
      throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      changes(
          sql,
          row(RowKind.INSERT, "id1", "valid", 10),
          Row.ofKind(RowKind.INSERT, "id2", "a", "refused", null),
          Row.ofKind(RowKind.DELETE, "id2", "a", null, null));
      withDeadLetters(sql, "s STRING, v BIGINT");
      assertFails(sql, "key [a]: the changelog retracts one of several rows");
    }
  }

  @Test
  void withoutAMaterializerADeleteWithOnlyItsKeyAppliesOnceRefusedRowsAreRetracted()
      throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      changes(
          sql,
          row(RowKind.INSERT, "id1", "valid", 10),
          Row.ofKind(RowKind.INSERT, "id2", "a", "refused", null),
          Row.ofKind(RowKind.DELETE, "id2", "a", "refused", null),
          Row.ofKind(RowKind.DELETE, "id1", "a", null, null));
      withDeadLetters(sql, "s STRING, v BIGINT").run("INSERT INTO t SELECT f1, f2, f3 FROM c");
      assertThat(sql.rows("SELECT * FROM t")).isEmpty();
    }
  }

  @Test
  void withoutAMaterializerADeletesVersionDoesNotTellWhichRowIsRetracted() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      sql.env.getConfig().set("table.exec.sink.upsert-materialize", "NONE");
      changes(
          sql,
          row(RowKind.INSERT, "id1", "older", 5),
          row(RowKind.INSERT, "id2", "newer", 10),
          Row.ofKind(RowKind.DELETE, "id2", "a", null, null));
      sql.table(
          "t",
          "k STRING, s STRING, v BIGINT, at_source BIGINT, PRIMARY KEY (k) NOT ENFORCED",
          "version.column",
          "v",
          "version.delete-column",
          "at_source");
      assertThatThrownBy(() -> sql.run("INSERT INTO t SELECT f1, f2, f3, CAST(7 AS BIGINT) FROM c"))
          .satisfies(
              e ->
                  assertThat(ExceptionUtils.stringifyException(e))
                      .contains("key [a]: the changelog retracts one of several rows"));
    }
  }

  /** The state of a key expires, so the older row is no longer known when it is retracted. */
  @Test
  void withoutAMaterializerAForgottenOlderRowDoesNotDeleteTheNewerOne() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      sql.env.getConfig().set("table.exec.sink.upsert-materialize", "NONE");
      changes(
          sql,
          row(RowKind.INSERT, "id2", "newer", 20),
          row(RowKind.DELETE, "id1", "forgotten", 10));
      table(sql, "v BIGINT", "version.column", "v").run("INSERT INTO t SELECT f1, f2, f3 FROM c");
      assertThat(sql.rows("SELECT * FROM t")).containsExactly("+I[a, newer, 20]");
    }
  }

  @Test
  void withoutAMaterializerTheOlderRowIsDeletedAlsoIfTheStoreRefusedTheNewerOne() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      FaultyStoreFactory.refuseRows(row -> "too large".equals(row.get(0)));
      view(
          sql,
          sql.streams
              .fromData(
                  TYPE,
                  row(RowKind.INSERT, "id1", "older", 10),
                  row(RowKind.INSERT, "id2", "too large", 20),
                  row(RowKind.DELETE, "id1", "older", 10))
              .process(new DeleteAfterRefusal())
              .returns(TYPE));
      withDeadLetters(sql, "s STRING, v BIGINT", "store", "faulty")
          .run("INSERT INTO t SELECT f1, f2, f3 FROM c");
      assertThat(sql.rows("SELECT * FROM t")).isEmpty();
      assertThat(DeadLetterTableFactory.letters(sql.instance))
          .extracting(letter -> ((String) letter.getField(2)).substring(0, 10))
          .containsExactly("{\"op\":\"+U\"");
    } finally {
      FaultyStoreFactory.refuseRows(row -> false);
    }
  }

  private static void assertFails(Sql sql, String message) {
    assertThatThrownBy(() -> sql.run("INSERT INTO t SELECT f1, f2, f3 FROM c"))
        .satisfies(e -> assertThat(ExceptionUtils.stringifyException(e)).contains(message));
  }

  private static Sql withDeadLetters(Sql sql, String columns, String... options) {
    sql.env.getConfig().set("table.exec.sink.upsert-materialize", "NONE");
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("version.column", "v", "sink.invalid-rows", "dead-letter"));
    all.addAll(List.of("sink.dead-letter.connector", "letters"));
    all.addAll(List.of("sink.dead-letter.topic", sql.instance));
    return sql.table(
        "t", "k STRING, " + columns + ", PRIMARY KEY (k) NOT ENFORCED", all.toArray(String[]::new));
  }

  @Test
  void rowWhoseKeyChangesLeavesItsOldKey() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      changes(
          sql,
          row(RowKind.INSERT, "id1", "x1", 10),
          row(RowKind.UPDATE_BEFORE, "id1", "x1", 10),
          row(RowKind.UPDATE_AFTER, "id1", "x2", 20));
      sql.table(
              "t",
              "k STRING, s STRING, v BIGINT, PRIMARY KEY (k, s) NOT ENFORCED",
              "version.column",
              "v")
          .run("INSERT INTO t SELECT f0, f2, f3 FROM c");
      assertThat(sql.rows("SELECT * FROM t")).containsExactly("+I[id1, x2, 20]");
    }
  }

  @Test
  void deleteWithOnlyItsKeyRemovesTheNewestRow() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      changes(
          sql,
          row(RowKind.INSERT, "id1", "first", 20),
          Row.ofKind(RowKind.DELETE, "id1", "a", null, null),
          row(RowKind.INSERT, "id2", "stays", 5));
      table(sql, "v BIGINT", "version.column", "v").run("INSERT INTO t SELECT f0, f2, f3 FROM c");
      assertThat(sql.rows("SELECT * FROM t")).containsExactly("+I[id2, stays, 5]");
    }
  }

  @Test
  void deleteWithOnlyItsKeyHasTheVersionOfItsColumn() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      changes(
          sql,
          row(RowKind.INSERT, "id1", "first", 20),
          Row.ofKind(RowKind.DELETE, "id1", "a", null, 19L),
          row(RowKind.INSERT, "id2", "second", 20),
          Row.ofKind(RowKind.DELETE, "id2", "a", null, 21L));
      sql.table(
              "t",
              "k STRING, v BIGINT, at_source BIGINT, PRIMARY KEY (k) NOT ENFORCED",
              "version.column",
              "v",
              "version.delete-column",
              "at_source",
              "sink.order",
              "version")
          .run("INSERT INTO t SELECT f0, IF(f2 IS NULL, CAST(NULL AS BIGINT), f3), f3 FROM c");
      assertThat(sql.rows("SELECT k FROM t")).containsExactly("+I[id1]");
    }
  }

  @Test
  void newestVersionsAreKnownAfterARestart() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      restartAlways(sql);
      sql.streams.enableCheckpointing(50);
      RestartedRows.reset();
      DataStream<Row> stream =
          RestartedRows.of(
              sql.streams,
              TYPE,
              List.of(
                  row(RowKind.INSERT, "id1", "first", 10),
                  row(RowKind.INSERT, "id2", "second", 20)),
              List.of(row(RowKind.DELETE, "id2", "second", 20)));
      view(sql, stream);
      table(sql, "v BIGINT", "version.column", "v").run("INSERT INTO t SELECT f1, f2, f3 FROM c");
      assertThat(RestartedRows.failures()).isEqualTo(1);
      assertThat(sql.rows("SELECT * FROM t")).containsExactly("+I[a, first, 10]");
    }
  }

  @Test
  void versionsByArrivalContinueAfterARestart() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      restartAlways(sql);
      sql.streams.enableCheckpointing(50);
      RestartedRows.reset();
      DataStream<Row> stream =
          RestartedRows.of(
              sql.streams,
              TYPE,
              List.of(row(RowKind.INSERT, "id1", "first", 10)),
              List.of(row(RowKind.INSERT, "id2", "last", 10)));
      sql.env.createTemporaryView(
          "c",
          sql.env.fromChangelogStream(
              stream, Schema.newBuilder().build(), ChangelogMode.insertOnly()));
      table(sql, "v BIGINT", "version", "arrival", "version.max-clock-skew", "200 ms")
          .run("INSERT INTO t SELECT f1, f2, f3 FROM c");
      assertThat(RestartedRows.failures()).isEqualTo(1);
      assertThat(sql.rows("SELECT k, s FROM t")).containsExactly("+I[a, last]");
    }
  }

  private static String operators(Sql sql, String insert) {
    return sql.env.explainSql(insert, org.apache.flink.table.api.ExplainDetail.JSON_EXECUTION_PLAN);
  }

  private static Sql table(Sql sql, String version, String... options) {
    return sql.table(
        "t", "k STRING, s STRING, " + version + ", PRIMARY KEY (k) NOT ENFORCED", options);
  }

  private static Row row(RowKind kind, String id, String text, long version) {
    return Row.ofKind(kind, id, "a", text, version);
  }

  private static void changes(Sql sql, Row... rows) {
    view(sql, sql.streams.fromData(TYPE, rows).process(new CountStarts()).returns(TYPE));
  }

  private static void view(Sql sql, DataStream<Row> stream) {
    sql.env.createTemporaryView(
        "c",
        sql.env.fromChangelogStream(
            stream,
            Schema.newBuilder()
                .column("f0", "STRING NOT NULL")
                .column("f1", "STRING")
                .column("f2", "STRING")
                .column("f3", "BIGINT")
                .primaryKey("f0")
                .build(),
            ChangelogMode.all()));
  }

  private static void restartAlways(Sql sql) {
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 20);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(1));
    sql.streams.configure(configuration);
  }

  private static final class CountStarts extends ProcessFunction<Row, Row> {
    @Override
    public void open(OpenContext context) {
      STARTS.incrementAndGet();
    }

    @Override
    public void processElement(Row row, Context context, Collector<Row> out) {
      out.collect(row);
    }
  }

  /** Passes a DELETE on when the store has refused a row. */
  private static final class DeleteAfterRefusal extends ProcessFunction<Row, Row> {
    @Override
    public void processElement(Row row, Context context, Collector<Row> out) throws Exception {
      while (row.getKind() == RowKind.DELETE && FaultyStoreFactory.REFUSALS.get() == 0) {
        Thread.sleep(1);
      }
      out.collect(row);
    }
  }
}
