// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.memory.MemoryStores;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TargetTableTest {

  private static final TableSpec SPEC =
      new TableSpec("t", ColumnList.parse("k STRING, a STRING"), List.of("k"));

  /** Otherwise the version above a tombstone would be searched by trial, a write for each step. */
  @Test
  void tombstonesAndExpiredRowsAreReadWithTheirVersions() throws Exception {
    String instance = UUID.randomUUID().toString();
    try (DimensionStore store =
        DimensionStores.open(
            "memory", Map.of("instance", instance), StoreMetrics.NONE, InstantSource.system())) {
      store.createIfAbsent(SPEC).toCompletableFuture().join();
      DimensionTable table = store.table(SPEC);
      Change row = new Put(Key.of("row"), Row.of("x"), 5);
      Change expired =
          new Put(Key.of("expired"), Row.of("x"), 6, System.currentTimeMillis() - 1_000);
      Change deleted = new Delete(Key.of("deleted"), 7);
      table.write(List.of(row, expired, deleted)).toCompletableFuture().join();
      TargetTable target = new TargetTable(table, SPEC.all());
      assertThat(
              target.stored(
                  List.of(Key.of("deleted"), Key.of("none"), Key.of("row"), Key.of("expired"))))
          .containsExactly(deleted, null, row, new Delete(Key.of("expired"), 6));
    } finally {
      MemoryStores.clear(instance);
    }
  }
}
