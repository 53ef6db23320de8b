// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink;

import io.dimstore.memory.MemoryStores;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/** Runs SQL on the tables of a separate memory store. */
public final class Sql implements AutoCloseable {

  public final String instance = "test-" + UUID.randomUUID();
  public final StreamExecutionEnvironment streams;
  public final StreamTableEnvironment env;

  private Sql(StreamExecutionEnvironment streams, EnvironmentSettings settings) {
    this.streams = streams;
    this.env = StreamTableEnvironment.create(streams, settings);
  }

  /** Creates a cluster with four slots for the tests of a class. */
  public static MiniClusterExtension cluster() {
    return cluster(4);
  }

  /** Creates a cluster of one TaskManager with as many slots. */
  public static MiniClusterExtension cluster(int slots) {
    return new MiniClusterExtension(
        new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(slots)
            .build());
  }

  public static Sql batch() {
    return new Sql(
        StreamExecutionEnvironment.getExecutionEnvironment(), EnvironmentSettings.inBatchMode());
  }

  public static Sql streaming(int parallelism) {
    StreamExecutionEnvironment streams = StreamExecutionEnvironment.getExecutionEnvironment();
    streams.setParallelism(parallelism);
    return new Sql(streams, EnvironmentSettings.inStreamingMode());
  }

  /**
   * Declares a table of the memory store, or of the store that the options name. The table is
   * stored under its own name, or under the name in the option 'stored'. All writers use the same
   * clock unless the options specify another one.
   */
  public Sql table(String name, String columns, String... options) {
    StringBuilder more = new StringBuilder();
    if (!List.of(options).contains("version.max-clock-skew")) {
      more.append(", 'version.max-clock-skew' = '0 s'");
    }
    String store = "memory";
    String stored = name;
    for (int i = 0; i < options.length; i += 2) {
      if (options[i].equals("store")) {
        store = options[i + 1];
      } else if (options[i].equals("stored")) {
        stored = options[i + 1];
      } else {
        more.append(", '" + options[i] + "' = '" + options[i + 1] + "'");
      }
    }
    env.executeSql(
        "CREATE TABLE "
            + name
            + " ("
            + columns
            + ") WITH ('connector' = 'dim', 'store' = '"
            + store
            + "', 'table' = '"
            + stored
            + "', '"
            + store
            + ".instance' = '"
            + instance
            + "'"
            + more
            + ")");
    return this;
  }

  /** Runs a statement and waits until it has finished. */
  public Sql run(String statement) throws Exception {
    env.executeSql(statement).await();
    return this;
  }

  /** Returns the rows of a query as text, in alphabetical order. */
  public List<String> rows(String query) throws Exception {
    List<String> rows = new ArrayList<>();
    for (Row row : results(query)) {
      rows.add(row.toString());
    }
    rows.sort(null);
    return rows;
  }

  /** Returns the rows of a query. */
  public List<Row> results(String query) throws Exception {
    List<Row> rows = new ArrayList<>();
    try (CloseableIterator<Row> results = env.executeSql(query).collect()) {
      results.forEachRemaining(rows::add);
    }
    return rows;
  }

  @Override
  public void close() {
    MemoryStores.clear(instance);
  }
}
