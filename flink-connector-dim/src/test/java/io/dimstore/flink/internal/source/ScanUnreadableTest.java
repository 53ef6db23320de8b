// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.flink.DimMetrics;
import io.dimstore.flink.FaultyStoreFactory;
import io.dimstore.flink.Sql;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Tests scans of a table of which the store cannot decode two rows. A fake stands in for that
 * store.
 */
@Timeout(120)
class ScanUnreadableTest {

  @RegisterExtension static final MiniClusterExtension CLUSTER = Sql.cluster();

  @AfterEach
  void repair() {
    FaultyStoreFactory.unreadable = Set.of();
    FaultyStoreFactory.reads = FaultyStoreFactory.Reads.AS_STORED;
  }

  private static Sql load(Sql sql, String policy) throws Exception {
    sql.table(
            "t",
            "id STRING, n INT, PRIMARY KEY (id) NOT ENFORCED",
            "store",
            "faulty",
            "version",
            "arrival",
            "scan.page-size",
            "2",
            "scan.unreadable-rows",
            policy)
        .run("INSERT INTO t VALUES ('a', 1), ('bad1', 11), ('bad2', 12), ('c', 3), ('z', 26)");
    FaultyStoreFactory.unreadable = Set.of("bad1", "bad2");
    return sql;
  }

  @Test
  void unreadableRowFailsTheScanAndIsNamedWithTheRemedy() throws Exception {
    try (Sql sql = load(Sql.streaming(1), "fail")) {
      assertThatThrownBy(() -> sql.rows("SELECT * FROM t"))
          .hasStackTraceContaining(
              "Scanning table 't' of store 'faulty' failed (CORRUPT): The row with key")
          .hasStackTraceContaining("bad1")
          .hasStackTraceContaining("set 'scan.unreadable-rows' = 'skip'");
    }
  }

  /**
   * Every attempt fails in the same way, because the position stays before the row. The job then
   * ends.
   */
  @Test
  void restartDoesNotSkipTheRow() throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(1));
    Sql restarting = Sql.streaming(1);
    restarting.streams.configure(configuration);
    restarting.streams.enableCheckpointing(20);
    try (Sql sql = load(restarting, "fail")) {
      sql.table("target", "id STRING, n INT, PRIMARY KEY (id) NOT ENFORCED", "version", "arrival");
      assertThatThrownBy(() -> sql.run("INSERT INTO target SELECT * FROM t"))
          .hasStackTraceContaining("bad1");
      FaultyStoreFactory.unreadable = Set.of();
      sql.run("INSERT INTO target SELECT * FROM t");
      assertThat(sql.rows("SELECT * FROM target"))
          .containsExactly("+I[a, 1]", "+I[bad1, 11]", "+I[bad2, 12]", "+I[c, 3]", "+I[z, 26]");
    }
  }

  @Test
  void unreadableRowsOfKeysAreHandledAsThoseOfAScan() throws Exception {
    String query = "SELECT * FROM t WHERE id IN ('a', 'bad1', 'bad2', 'c', 'absent')";
    try (Sql sql = load(Sql.streaming(1), "fail")) {
      FaultyStoreFactory.reads = ScanUnreadableTest::corrupt;
      assertThatThrownBy(() -> sql.rows(query))
          .hasStackTraceContaining(
              "Scanning table 't' of store 'faulty' failed (CORRUPT): The row with key [bad1]")
          .hasStackTraceContaining("set 'scan.unreadable-rows' = 'skip'");
    }
    try (Sql sql = load(Sql.streaming(1), "skip")) {
      FaultyStoreFactory.reads = ScanUnreadableTest::corrupt;
      DimMetrics.Snapshot before = DimMetrics.snapshot();
      assertThat(sql.rows(query)).containsExactly("+I[a, 1]", "+I[c, 3]");
      DimMetrics.Snapshot counted = DimMetrics.snapshot().since(before);
      assertThat(counted.value(DimMetrics.table("faulty", "t", DimMetrics.UNREADABLE_ROWS)))
          .isEqualTo(2);
    }
  }

  /** Fails like a store that cannot decode the rows of some keys. */
  private static CompletionStage<List<Put>> corrupt(
      List<Key> keys, Supplier<CompletionStage<List<Put>>> stored) {
    List<Key> bad =
        keys.stream().filter(key -> FaultyStoreFactory.unreadable.contains(key.get(0))).toList();
    return bad.isEmpty()
        ? stored.get()
        : CompletableFuture.failedFuture(
            new StoreException(StoreException.Kind.CORRUPT, "made to be unreadable", bad, null));
  }

  @Test
  void skippedRowsAreCountedAndTheOthersAreRead() throws Exception {
    try (Sql sql = load(Sql.streaming(1), "skip")) {
      DimMetrics.Snapshot before = DimMetrics.snapshot();
      assertThat(sql.rows("SELECT * FROM t")).containsExactly("+I[a, 1]", "+I[c, 3]", "+I[z, 26]");
      DimMetrics.Snapshot counted = DimMetrics.snapshot().since(before);
      assertThat(counted.value(DimMetrics.table("faulty", "t", DimMetrics.UNREADABLE_ROWS)))
          .isEqualTo(2);
      assertThat(counted.value(DimMetrics.table("faulty", "t", DimMetrics.ROWS_SCANNED)))
          .isEqualTo(3);
    }
  }
}
