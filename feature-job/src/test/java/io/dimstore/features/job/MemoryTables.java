// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.features.oracle.OracleItem;
import io.dimstore.features.oracle.OracleRow;
import io.dimstore.features.oracle.OracleUser;
import io.dimstore.jobs.sql.Dimensions;
import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The tables of one run in the memory store. */
final class MemoryTables {

  private static final DataType TEXT = new DataType.Text();

  private final DimensionStore store;

  MemoryTables(String instance) {
    store =
        DimensionStores.open(
            "memory", Map.of("instance", instance), StoreMetrics.NONE, InstantSource.system());
  }

  void loadDimensions(Map<String, OracleUser> users, Map<String, OracleItem> items) {
    List<Change> changes = new ArrayList<>();
    users.forEach(
        (id, user) -> changes.add(new Put(Key.of(id), Row.of(user.country(), user.level()), 1)));
    write(Dimensions.builtIn("user").table(), changes);
    changes.clear();
    items.forEach(
        (id, item) ->
            changes.add(
                new Put(Key.of(id), Row.of(item.title(), item.category(), item.listPrice()), 1)));
    write(Dimensions.builtIn("item").table(), changes);
  }

  void checkOnline(String name, List<String> columns, Map<String, OracleRow> expected) {
    List<Column> declared =
        columns.stream()
            .map(
                column ->
                    new Column(
                        column,
                        switch (column) {
                          case "event_time" -> new DataType.TimestampLtz(3);
                          case "risk_score", "rfm_score" -> DataType.Simple.INT;
                          case "user_id", "event_id", "decision", "country", "tier", "offer" ->
                              TEXT;
                          default -> DataType.Simple.BIGINT;
                        }))
            .toList();
    TableSpec spec = new TableSpec(name, declared, List.of("user_id"));
    List<String> users = List.copyOf(expected.keySet());
    List<Put> rows =
        store
            .table(spec)
            .get(users.stream().map(Key::of).toList(), spec.all())
            .toCompletableFuture()
            .join();
    for (int i = 0; i < users.size(); i++) {
      OracleRow right = expected.get(users.get(i));
      List<Object> values = new ArrayList<>();
      for (String column : columns.subList(1, columns.size())) {
        values.add(right.get(column));
      }
      assertThat(rows.get(i)).as("%s of %s", name, users.get(i)).isNotNull();
      assertThat(rows.get(i).row())
          .as("%s of %s", name, users.get(i))
          .isEqualTo(Row.of(values.toArray()));
      assertThat(rows.get(i).version())
          .isEqualTo(((Instant) right.get("event_time")).toEpochMilli());
    }
  }

  private void write(TableSpec spec, List<Change> changes) {
    store.createIfAbsent(spec).toCompletableFuture().join();
    DimensionTable table = store.table(spec);
    table.write(List.copyOf(changes)).toCompletableFuture().join();
  }
}
