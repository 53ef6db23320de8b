// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.flink.Sql;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lookup joins that insert the rows that they do not find. */
class InsertIfAbsentTest {

  @RegisterExtension static final MiniClusterExtension CLUSTER = Sql.cluster();

  private static final String COLUMNS =
      "id INT, name STRING, v BIGINT METADATA FROM 'version', PRIMARY KEY (id) NOT ENFORCED";

  private static final String IDS =
      "(SELECT id, PROCTIME() AS t FROM (VALUES (1), (2), (2), (3), (CAST(NULL AS INT))) AS e (id)) o";

  private static final String JOIN =
      "SELECT /*+ LOOKUP('table'='d', 'async'='%s') */ o.id, d.name, d.v FROM "
          + IDS
          + " JOIN devices FOR SYSTEM_TIME AS OF o.t d ON o.id = d.id";

  private static Sql withDevices(String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of("lookup.insert-if-absent", "true"));
    all.addAll(List.of(options));
    return Sql.streaming(1)
        .table("devices", COLUMNS, all.toArray(String[]::new))
        .run("INSERT INTO devices VALUES (1, 'one', 5)");
  }

  @ParameterizedTest
  @CsvSource({"true, NONE", "false, NONE", "true, PARTIAL", "false, PARTIAL"})
  void absentRowIsInsertedAndReturned(String async, String cache) throws Exception {
    try (Sql sql = withDevices("lookup.cache", cache)) {
      assertThat(sql.rows(JOIN.formatted(async)))
          .containsExactly("+I[1, one, 5]", "+I[2, null, 0]", "+I[2, null, 0]", "+I[3, null, 0]");
      assertThat(sql.rows("SELECT * FROM devices"))
          .containsExactly("+I[1, one, 5]", "+I[2, null, 0]", "+I[3, null, 0]");
    }
  }

  @Test
  void everyWriteReplacesAnInsertedRow() throws Exception {
    try (Sql sql = withDevices()) {
      sql.rows(JOIN.formatted("true"));

      sql.run("INSERT INTO devices VALUES (2, 'two', 0), (3, 'three', 1)");
      sql.rows(JOIN.formatted("true"));

      assertThat(sql.rows("SELECT * FROM devices"))
          .containsExactly("+I[1, one, 5]", "+I[2, two, 0]", "+I[3, three, 1]");
    }
  }

  @Test
  void deletedKeyStaysAbsent() throws Exception {
    try (Sql sql = withDevices()) {
      TableSpec devices =
          new TableSpec(
              "devices",
              List.of(new Column("id", DataType.Simple.INT), new Column("name", DataType.STRING)),
              List.of("id"));
      try (DimensionStore store =
          DimensionStores.open(
              "memory",
              Map.of("instance", sql.instance),
              StoreMetrics.NONE,
              InstantSource.system())) {
        store.table(devices).write(List.of(new Delete(Key.of(3), 1))).toCompletableFuture().get();
      }

      assertThat(sql.rows(JOIN.formatted("true")))
          .containsExactly("+I[1, one, 5]", "+I[2, null, 0]", "+I[2, null, 0]");
      assertThat(sql.rows("SELECT id FROM devices")).containsExactly("+I[1]", "+I[2]");
    }
  }

  @Test
  void columnThatIsNotNullIsRefused() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      sql.table(
          "devices",
          "id INT, name STRING NOT NULL, PRIMARY KEY (id) NOT ENFORCED",
          "lookup.insert-if-absent",
          "true");

      assertThatThrownBy(() -> sql.env.explainSql("SELECT * FROM devices"))
          .hasRootCauseInstanceOf(ValidationException.class)
          .rootCause()
          .hasMessageContaining("'lookup.insert-if-absent'")
          .hasMessageContaining("'name' is NOT NULL");
    }
  }

  @Test
  void joinByTheFirstKeyColumnsIsRefused() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      sql.table(
          "devices",
          "id INT, part INT, name STRING, PRIMARY KEY (id, part) NOT ENFORCED",
          "lookup.insert-if-absent",
          "true");

      assertThatThrownBy(
              () ->
                  sql.env.explainSql(
                      "SELECT o.id FROM "
                          + IDS
                          + " JOIN devices FOR SYSTEM_TIME AS OF o.t d ON o.id = d.id"))
          .rootCause()
          .hasMessageContaining("'lookup.insert-if-absent'")
          .hasMessageContaining("no key to insert");
    }
  }
}
