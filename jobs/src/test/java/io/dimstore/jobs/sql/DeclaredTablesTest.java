// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.TableSpec;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.ValidationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeclaredTablesTest {

  @TempDir Path folder;

  @Test
  void theTablesOfTheConnectorAreFoundAmongTheOtherStatementsOfAJob() throws Exception {
    List<Dimension> tables =
        read(
            """
            SET 'table.local-time-zone' = 'UTC';
            -- the events; CREATE TABLE none ${no.variable}
            CREATE TABLE events (id STRING, at_time TIMESTAMP(3), p AS PROCTIME())
              WITH ('connector' = 'datagen');
            CREATE TEMPORARY TABLE devices (
              vendor STRING, series STRING, note STRING, version BIGINT METADATA, doubled AS note || note,
              PRIMARY KEY (series, vendor) NOT ENFORCED
            ) WITH ('connector' = 'dim', 'store' = 'memory', 'table' = 'dim_device',
              'memory.instance' = 'x', 'memory.change-feed' = 'true', 'sink.batch-size' = '7');
            CREATE TABLE merchants (id STRING, v BIGINT, PRIMARY KEY (id) NOT ENFORCED)
              WITH ('connector' = 'dim', 'store' = 'memory', 'table' = 'm');
            CREATE VIEW recent AS SELECT id FROM events;
            CREATE TABLE copied WITH ('connector' = 'dim', 'note' = 'as (') AS SELECT id FROM recent;
            CREATE TABLE IF NOT EXISTS other WITH ('connector' = 'print', 'x' = '${none}') AS
              WITH w AS (SELECT id FROM elsewhere.events) SELECT id FROM w;
            CREATE TABLE blackhole WITH ('connector' = 'blackhole') AS SELECT id FROM events;
            INSERT INTO blackhole SELECT id FROM events;
            """);
    assertThat(tables).extracting(Dimension::name).containsExactly("devices", "merchants");
    assertThat(tables).allMatch(Dimension::namesStore);
    assertThat(tables.get(0).table())
        .isEqualTo(
            new TableSpec(
                "devices",
                List.of(
                    new Column("vendor", DataType.STRING),
                    new Column("series", DataType.STRING),
                    new Column("note", DataType.STRING)),
                List.of("series", "vendor")));
    assertThat(tables.get(0).options())
        .isEqualTo(
            Map.of(
                "store",
                "memory",
                "table",
                "dim_device",
                "memory.instance",
                "x",
                "memory.change-feed",
                "true",
                "sink.batch-size",
                "7"));
    assertThat(tables.get(0).toString()).doesNotContain("x");
  }

  @Test
  void aTableMayLeaveItsStoreToTheCommand() throws Exception {
    assertThat(
            read(
                """
                CREATE TABLE dim_merchant (
                  merchant_id STRING COMMENT 'it''s the key', since DATE NOT NULL, fee DECIMAL(5, 2),
                  tags ARRAY<STRING>, PRIMARY KEY (merchant_id) NOT ENFORCED
                ) WITH (
                  'sink.batch-size' = '7',
                  ${dim_merchant.options}
                )"""))
        .singleElement()
        .satisfies(
            merchant -> {
              assertThat(merchant.name()).isEqualTo("merchant");
              assertThat(merchant.namesStore()).isFalse();
              assertThat(merchant.options()).isEqualTo(Map.of("sink.batch-size", "7"));
              assertThat(merchant.table())
                  .isEqualTo(
                      new TableSpec(
                          "dim_merchant",
                          List.of(
                              new Column("merchant_id", DataType.STRING),
                              new Column("since", DataType.Simple.DATE),
                              new Column("fee", new DataType.Decimal(5, 2)),
                              new Column("tags", new DataType.Array(DataType.STRING))),
                          List.of("merchant_id")));
            });
  }

  @Test
  void namesOfTablesMayHaveADatabaseAndACatalog() throws Exception {
    String rest =
        " (id STRING, PRIMARY KEY (id) NOT ENFORCED)"
            + " WITH ('connector' = 'dim', 'store' = 'memory', 'table' = 'stored');";
    String sql =
        "CREATE TABLE db2.t"
            + rest
            + "CREATE TABLE a"
            + rest
            + "CREATE TEMPORARY TABLE `the catalog`.`a ``db`.s"
            + rest
            + "CREATE TABLE IF NOT EXISTS db2.t"
            + rest;
    assertThat(read(sql)).extracting(Dimension::name).containsExactly("a", "s", "t");
    assertThat(Dimensions.stored(sql))
        .extracting(table -> table.spec().name())
        .containsOnly("stored");
    assertRefused("tables 't' and 't' are both the dimension 't'", sql + "CREATE TABLE t" + rest);
  }

  @Test
  void declarationsThatCannotBeUsedAreRefused() {
    String key = ", PRIMARY KEY (id) NOT ENFORCED) WITH (";
    assertRefused("no primary key", "CREATE TABLE t (id STRING) WITH (${t.options})");
    assertRefused(
        "no primary key",
        "CREATE TABLE t (id STRING) WITH ('connector' = 'dim', 'store' = 'memory', 'table' = 't')");
    assertRefused(
        "Table 't' uses ${dim_t.options}. Remedy: write ${t.options}.",
        "CREATE TABLE t (id STRING" + key + "${dim_t.options})");
    assertRefused(
        "${table} is no variable of a table",
        "CREATE TABLE t (id STRING" + key + "'connector' = 'dim', 'table' = '${table}')");
    assertRefused(
        "'store'", "CREATE TABLE t (id STRING" + key + "'connector' = 'dim', 'table' = 't')");
    assertRefused(
        "must create a table of 'connector' = 'dim'",
        "CREATE TABLE t (id STRING) WITH ('connector' = 'datagen')");
    assertRefused("Encountered \"<EOF>\"", "CREATE TABLE t (id STRING");
    assertRefused("'FOO'", "CREATE TABLE t (id STRING, c FOO" + key + "${t.options})");
    assertRefused(
        "ENFORCED mode", "CREATE TABLE t (id STRING, PRIMARY KEY (id)) WITH (${t.options})");
    assertRefused(
        "Key column id of table t is a ARRAY<INT>",
        "CREATE TABLE t (id ARRAY<INT>" + key + "${t.options})");
    String twice = "CREATE TABLE t (id STRING" + key + "${t.options});";
    assertRefused("already exist", twice + twice);
    assertRefused(
        "tables 'a' and 'dim_a' are both the dimension 'a': give one of them another name",
        "CREATE TABLE dim_a (id STRING"
            + key
            + "${dim_a.options}); CREATE TABLE a (id STRING"
            + key
            + "${a.options})");
    assertRefused("Encountered \"<EOF>\"", "CREATE TABLE t (id STRING, p AS PROCTIME()");
    assertRefused("SQL parse failed", "CREATE TABLE t (id STRING) COMMENT 'such as this");
    assertRefused("'connector'", "CREATE TABLE t (id STRING, PRIMARY KEY (id) NOT ENFORCED)");
  }

  @Test
  void secretsAreNotInMessages() {
    String option = "'hbase-redis.redis.password'";
    for (String given :
        List.of(
            option + " = 'hush', 'x' = 'y')",
            option + " = 'hush', 'connector' = 'dim', 'store' = 'memory', 'tabel' = 't')",
            option + " = 'hush', '",
            option + " = 'hush' ''",
            option + " = 'hush",
            option + " = hush)",
            option + " = \"hush\")",
            option + " = `hush`)",
            option + " = U&'hush\\')",
            option + " == 'hush')",
            option + " 'hush')",
            option + "\n'hush')",
            option + ": 'hush')",
            option + " = 'a' 'hush')",
            option + " = 'at line 1, column 1 hush' 'x')",
            option + " = 'it' hush)",
            "'x' = 'y, " + option + " = 'hush')",
            "'x' 'hush', " + option + " = 'z')",
            "hbase-redis.redis.password = 'hush')")) {
      assertThatThrownBy(
              () ->
                  read("CREATE TABLE t (id STRING, PRIMARY KEY (id) NOT ENFORCED) WITH (" + given))
          .as(given)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("hush");
      assertThatThrownBy(
              () ->
                  Dimensions.stored(
                      "CREATE TABLE t (id STRING, PRIMARY KEY (id) NOT ENFORCED) WITH (" + given))
          .as(given)
          .isInstanceOf(RuntimeException.class)
          .satisfies(failure -> assertThat(stackTrace(failure)).doesNotContain("hush"));
    }
  }

  @Test
  void theSqlOfAJobThatIsNoSqlIsReportedAsSuch() {
    assertThatThrownBy(() -> Dimensions.stored("CREATE TABLE t (id STRING"))
        .isInstanceOf(ValidationException.class)
        .hasMessageStartingWith("The SQL of the job: Encountered \"<EOF>\" at line 1");
  }

  private static String stackTrace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }

  @Test
  void positionOfAnErrorBesideASecretIsShown() {
    assertRefused(
        "SQL parse failed. The text is not shown because it may be a secret: see line 2, column 22",
        "CREATE TABLE t (id STRING) WITH (\n  'x.password' 'hush')");
  }

  private void assertRefused(String part, String sql) {
    assertThatThrownBy(() -> read(sql))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("'" + folder.resolve("job.sql") + "': ")
        .hasMessageContaining(part)
        .hasMessageNotContainingAny("\n");
  }

  private List<Dimension> read(String sql) throws Exception {
    return Dimensions.in(Files.writeString(folder.resolve("job.sql"), sql));
  }
}
