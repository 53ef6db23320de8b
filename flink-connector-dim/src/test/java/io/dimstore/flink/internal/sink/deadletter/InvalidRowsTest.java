// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.flink.DimMetrics;
import io.dimstore.flink.FaultyStoreFactory;
import io.dimstore.flink.Sql;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class InvalidRowsTest {

  @RegisterExtension static final MiniClusterExtension CLUSTER = Sql.cluster();

  private static final String COLUMNS = "id STRING, n INT, v BIGINT, PRIMARY KEY (id) NOT ENFORCED";

  @Test
  void invalidRowFailsTheJobWithoutRestart() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      Configuration configuration = new Configuration();
      configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
      configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
      configuration.set(
          RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(1));
      sql.streams.configure(configuration);
      sql.table("t", COLUMNS, "version.column", "v");
      assertThatThrownBy(() -> sql.run("INSERT INTO t VALUES ('b', 2, CAST(NULL AS BIGINT))"))
          .satisfies(
              e ->
                  assertThat(ExceptionUtils.stringifyException(e))
                      .contains("failed (INVALID): key [b]: the version in column 'v' is null")
                      .contains("The failure is not recoverable")
                      .contains("Remedy:")
                      .contains("'sink.invalid-rows' = 'dead-letter'"));
    }
  }

  @Test
  void deadLettersHoldRowAndReasonAndAllOtherRowsAreWritten() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      Queue<Row> letters = DeadLetterTableFactory.letters(sql.instance);
      sql.table(
              "t",
              COLUMNS,
              "version.column",
              "v",
              "sink.invalid-rows",
              "dead-letter",
              "sink.dead-letter.connector",
              "letters",
              "sink.dead-letter.topic",
              sql.instance)
          .run(
              "INSERT INTO t VALUES ('a', 1, CAST(1 AS BIGINT)), ('b', 2, CAST(NULL AS BIGINT)),"
                  + " ('c', 3, CAST(-4 AS BIGINT)), ('d\"', 5, CAST(5 AS BIGINT))");
      assertThat(sql.rows("SELECT * FROM t")).containsExactly("+I[a, 1, 1]", "+I[d\", 5, 5]");
      assertThat(letters)
          .extracting(letter -> letter.getField(0) + " " + letter.getField(9))
          .as("the planner makes a source of each row, so their order is open")
          .containsExactlyInAnyOrder("null-version b", "version-out-of-range c");
      Row first =
          letters.stream()
              .filter(letter -> "null-version".equals(letter.getField(0)))
              .findFirst()
              .orElseThrow();
      assertThat((String) first.getField(1))
          .isEqualTo("key [b]: the version in column 'v' is null (table 't')");
      assertThat(first.getField(2))
          .isEqualTo("{\"op\":\"+I\",\"row\":{\"id\":\"b\",\"n\":2,\"v\":null}}");
      assertThat(first.getField(3)).isEqualTo("utf-8");
      assertThat(first.getField(5)).isNull();
      assertThat(DimMetrics.snapshot().value(DimMetrics.table("memory", "t", "rowsInvalid")))
          .isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void keysRefusedByTheStoreDoNotAffectOtherRows() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      Queue<Row> letters = DeadLetterTableFactory.letters(sql.instance);
      FaultyStoreFactory.refuse("b", "d");
      sql.table(
              "t",
              COLUMNS,
              "store",
              "faulty",
              "version.column",
              "v",
              "sink.invalid-rows",
              "dead-letter",
              "sink.dead-letter.connector",
              "letters",
              "sink.dead-letter.topic",
              sql.instance)
          .run(
              "INSERT INTO t VALUES ('a', 1, CAST(1 AS BIGINT)), ('b', 2, CAST(2 AS BIGINT)), ('c',"
                  + " 3, CAST(3 AS BIGINT)), ('d', 4, CAST(4 AS BIGINT)), ('e', 5, CAST(5 AS"
                  + " BIGINT))");
      assertThat(sql.rows("SELECT * FROM t"))
          .containsExactly("+I[a, 1, 1]", "+I[c, 3, 3]", "+I[e, 5, 5]");
      assertThat(letters)
          .extracting(letter -> letter.getField(0) + " " + letter.getField(2))
          .containsExactlyInAnyOrder(
              "refused-by-store {\"op\":\"+U\",\"row\":{\"id\":\"b\",\"n\":2,\"v\":2},\"version\":2}",
              "refused-by-store {\"op\":\"+U\",\"row\":{\"id\":\"d\",\"n\":4,\"v\":4},\"version\":4}");
      assertThat(letters)
          .extracting(letter -> letter.getField(9))
          .containsExactlyInAnyOrder("b", "d");
    } finally {
      FaultyStoreFactory.refuse();
    }
  }

  /** The rows of a key wait together, because the first row of the table is in flight. */
  @Test
  void olderRowOfAKeyIsWrittenIfTheStoreRefusesTheNewerOne() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      Queue<Row> letters = DeadLetterTableFactory.letters(sql.instance);
      FaultyStoreFactory.refuseRows(row -> Integer.valueOf(99).equals(row.get(0)));
      letters(sql, "t", "letters", "topic", sql.instance, "store", "faulty");
      sql.run(
          "INSERT INTO t VALUES ('x', 0, CAST(1 AS BIGINT)), ('a', 1, CAST(1 AS BIGINT)), ('a', 2,"
              + " CAST(2 AS BIGINT)), ('a', 99, CAST(3 AS BIGINT)), ('a', 99, CAST(4 AS BIGINT))");
      assertThat(sql.rows("SELECT * FROM t")).containsExactly("+I[a, 2, 2]", "+I[x, 0, 1]");
      assertThat(letters)
          .extracting(letter -> letter.getField(2))
          .containsExactlyInAnyOrder(
              "{\"op\":\"+U\",\"row\":{\"id\":\"a\",\"n\":99,\"v\":3},\"version\":3}",
              "{\"op\":\"+U\",\"row\":{\"id\":\"a\",\"n\":99,\"v\":4},\"version\":4}");
    } finally {
      FaultyStoreFactory.refuseRows(row -> false);
    }
  }

  @Test
  void keyRefusedByTheStoreIsNamedInTheFailureOfTheJob() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      FaultyStoreFactory.refuse("b");
      sql.table("t", COLUMNS, "store", "faulty", "version.column", "v");
      assertThatThrownBy(() -> sql.run("INSERT INTO t VALUES ('b', 2, CAST(2 AS BIGINT))"))
          .satisfies(
              e ->
                  assertThat(ExceptionUtils.stringifyException(e))
                      .contains("failed (INVALID): key [b]: no such key"));
    } finally {
      FaultyStoreFactory.refuse();
    }
  }

  @Test
  void deadLetterOptionsAreChecked() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      sql.table("no_target", COLUMNS, "version.column", "v", "sink.invalid-rows", "dead-letter");
      sql.table(
          "not_wanted", COLUMNS, "version.column", "v", "sink.dead-letter.connector", "letters");
      sql.table(
          "no_topic",
          COLUMNS,
          "version.column",
          "v",
          "sink.invalid-rows",
          "dead-letter",
          "sink.dead-letter.connector",
          "letters");
      sql.table(
          "old_sink",
          COLUMNS,
          "version.column",
          "v",
          "sink.invalid-rows",
          "dead-letter",
          "sink.dead-letter.connector",
          "print");
      letters(sql, "flushed", "letters", "sink.delivery-guarantee", "At-Least-Once");
      sql.run("INSERT INTO flushed VALUES ('a', 1, CAST(1 AS BIGINT))");
      int refused = 0;
      for (String[] option :
          new String[][] {
            {"letters", "sink.delivery-guarantee", "exactly-once", "is exactly-once"},
            {"letters", "sink.delivery-guarantee", "none", "is none"},
            {"letters", "sink.delivery-guarantee", "NONE", "is NONE"},
            {"letters", "sink.semantic", "none", "is none"},
            {"letters", "properties.acks", "0", "is 0"},
            {"letters-without-flush", "topic", "x", "is none by default"}
          }) {
        String table = "refused" + refused++;
        letters(sql, table, option[0], option[1], option[2]);
        assertRefused(sql, table, option[3]);
        assertRefused(sql, table, "dead letters are written at least once");
      }
      letters(
          sql, "flushed_too", "letters-without-flush", "sink.delivery-guarantee", "at-least-once");
      sql.run("INSERT INTO flushed_too VALUES ('a', 1, CAST(1 AS BIGINT))");
      assertRefused(sql, "no_target", "'sink.dead-letter.connector' need each other");
      assertRefused(sql, "not_wanted", "'sink.dead-letter.connector' need each other");
      assertRefused(sql, "no_topic", "'sink.dead-letter.' declare no table for dead letters");
      assertRefused(sql, "old_sink", "cannot write dead letters");
    }
  }

  private static void letters(
      Sql sql, String table, String connector, String option, String value, String... more) {
    List<String> options =
        new ArrayList<>(
            List.of(
                "version.column",
                "v",
                "sink.invalid-rows",
                "dead-letter",
                "sink.dead-letter.connector",
                connector,
                "sink.dead-letter." + option,
                value));
    options.addAll(List.of(more));
    if (!option.equals("topic")) {
      options.addAll(List.of("sink.dead-letter.topic", sql.instance));
    }
    sql.table(table, COLUMNS, options.toArray(String[]::new));
  }

  private static void assertRefused(Sql sql, String table, String message) {
    assertThatThrownBy(
            () -> sql.run("INSERT INTO " + table + " VALUES ('a', 1, CAST(1 AS BIGINT))"))
        .satisfies(e -> assertThat(ExceptionUtils.stringifyException(e)).contains(message));
  }
}
