// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.TableSpec;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.ValidationException;
import org.junit.jupiter.api.Test;

class DeclaredTablesTest {

  @Test
  void theTablesOfTheConnectorAreFoundAmongTheOtherStatementsOfAJob() {
    List<StoreTable> tables =
        DeclaredTables.read(
            """
            SET 'table.local-time-zone' = 'UTC';
            -- the events; CREATE TABLE none
            CREATE TABLE events (id STRING, at_time TIMESTAMP(3), p AS PROCTIME())
              WITH ('connector' = 'datagen');
            CREATE TEMPORARY TABLE devices (
              vendor STRING, series STRING, note STRING, version BIGINT METADATA, doubled AS note || note,
              PRIMARY KEY (vendor, series) NOT ENFORCED
            ) WITH ('connector' = 'dim', 'store' = 'memory', 'table' = 'dim_device',
              'memory.instance' = 'x', 'memory.change-feed' = 'true', 'sink.batch-size' = '7');
            CREATE TABLE merchants (id STRING, v BIGINT, PRIMARY KEY (id) NOT ENFORCED)
              WITH ('connector' = 'dim', 'store' = 'memory', 'table' = 'm');
            CREATE TABLE blackhole WITH ('connector' = 'blackhole') AS SELECT id FROM events;
            INSERT INTO blackhole SELECT id FROM events;
            """);
    assertThat(tables)
        .containsExactly(
            new StoreTable(
                "memory",
                Map.of("instance", "x"),
                new TableSpec(
                    "dim_device",
                    List.of(
                        new Column("vendor", DataType.STRING),
                        new Column("series", DataType.STRING),
                        new Column("note", DataType.STRING)),
                    List.of("vendor", "series"),
                    Map.of("change-feed", "true"))),
            new StoreTable(
                "memory",
                Map.of(),
                new TableSpec(
                    "m",
                    List.of(
                        new Column("id", DataType.STRING), new Column("v", DataType.Simple.BIGINT)),
                    List.of("id"),
                    Map.of())));
  }

  @Test
  void declarationsThatTheConnectorRefusesAreRefused() {
    assertThatThrownBy(
            () ->
                DeclaredTables.read(
                    "CREATE TABLE t (id STRING) WITH ('connector' = 'dim', 'store' = 'memory',"
                        + " 'table' = 't')"))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("no primary key");
  }
}
