package io.dimstore.flink;

import io.dimstore.memory.MemoryStores;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/** Runs SQL in a cluster inside the test, on tables of a memory store of its own. */
final class Sql implements AutoCloseable {

  final String instance = "test-" + UUID.randomUUID();
  final TableEnvironment env;

  private Sql(TableEnvironment env) {
    this.env = env;
  }

  static Sql batch() {
    return new Sql(TableEnvironment.create(EnvironmentSettings.inBatchMode()));
  }

  static Sql streaming(int parallelism) {
    Configuration configuration = new Configuration();
    StreamExecutionEnvironment streams =
        StreamExecutionEnvironment.createLocalEnvironment(parallelism, configuration);
    return new Sql(StreamTableEnvironment.create(streams));
  }

  static Sql on(StreamExecutionEnvironment streams) {
    return new Sql(StreamTableEnvironment.create(streams));
  }

  /** Declares a table of the memory store. */
  Sql table(String name, String columns, String... options) {
    StringBuilder ddl =
        new StringBuilder("CREATE TABLE " + name + " (" + columns + ") WITH (")
            .append("'connector' = 'dim', 'store' = 'memory', 'table' = '" + name + "'")
            .append(", 'memory.instance' = '" + instance + "'");
    for (int i = 0; i < options.length; i += 2) {
      ddl.append(", '" + options[i] + "' = '" + options[i + 1] + "'");
    }
    env.executeSql(ddl + ")");
    return this;
  }

  /** Runs a statement to its end. */
  Sql run(String statement) throws Exception {
    env.executeSql(statement).await();
    return this;
  }

  /** The rows of a query, as text in alphabetical order. */
  List<String> rows(String query) throws Exception {
    List<String> rows = new ArrayList<>();
    try (CloseableIterator<Row> results = env.executeSql(query).collect()) {
      results.forEachRemaining(row -> rows.add(row.toString()));
    }
    rows.sort(null);
    return rows;
  }

  @Override
  public void close() {
    MemoryStores.clear(instance);
  }
}
