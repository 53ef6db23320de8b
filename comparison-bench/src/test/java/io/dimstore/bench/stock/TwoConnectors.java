// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.stock;

import io.dimstore.stack.HBaseEndpoint;
import io.dimstore.stack.RedisEndpoint;
import java.io.IOException;
import java.time.Period;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.TableDescriptor;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.runtime.typeutils.ExternalTypeInfo;
import org.apache.flink.table.types.DataType;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.CloseableIterator;
import org.apache.hadoop.hbase.HBaseConfiguration;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptorBuilder;
import org.apache.hadoop.hbase.client.CompactionState;
import org.apache.hadoop.hbase.client.Connection;
import org.apache.hadoop.hbase.client.ConnectionFactory;
import org.apache.hadoop.hbase.client.TableDescriptorBuilder;

/** One HBase table that is declared in SQL twice, once for each connector. */
final class TwoConnectors {

  /** A value column: its name, its HBase column and its type. */
  record Field(String name, String family, String qualifier, DataType type) {}

  /** Creates a cluster for the jobs of a test class. */
  static MiniClusterExtension cluster() {
    Configuration configuration = new Configuration();
    // The stock connector still uses its class loader after its job has ended.
    configuration.set(CoreOptions.CHECK_LEAKED_CLASSLOADER, false);
    return new MiniClusterExtension(
        new MiniClusterResourceConfiguration.Builder()
            .setConfiguration(configuration)
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .build());
  }

  private final StreamTableEnvironment env;
  private final StreamExecutionEnvironment streams;
  private final HBaseEndpoint hbase;
  private final RedisEndpoint redis;
  private final String table;
  private final DataType keyType;
  private final List<Field> fields;

  TwoConnectors(
      HBaseEndpoint hbase, RedisEndpoint redis, String table, DataType keyType, List<Field> fields)
      throws IOException {
    this.streams = StreamExecutionEnvironment.getExecutionEnvironment();
    streams.setParallelism(1);
    this.env = StreamTableEnvironment.create(streams);
    env.getConfig().set("table.exec.sink.upsert-materialize", "NONE");
    this.hbase = hbase;
    this.redis = redis;
    this.table = table;
    this.keyType = keyType.notNull();
    this.fields = fields;
    create();
  }

  private void create() throws IOException {
    TableDescriptorBuilder descriptor =
        TableDescriptorBuilder.newBuilder(TableName.valueOf(table))
            .setColumnFamily(ColumnFamilyDescriptorBuilder.of("s"));
    for (String family : families(fields).keySet()) {
      descriptor.setColumnFamily(ColumnFamilyDescriptorBuilder.of(family));
    }
    try (Connection connection = connect();
        Admin admin = connection.getAdmin()) {
      admin.createTable(descriptor.build());
    }
  }

  private Connection connect() throws IOException {
    org.apache.hadoop.conf.Configuration configuration = HBaseConfiguration.create();
    hbase.configuration().forEach(configuration::set);
    return ConnectionFactory.createConnection(configuration);
  }

  private static Map<String, List<Field>> families(List<Field> fields) {
    return fields.stream()
        .collect(Collectors.groupingBy(Field::family, LinkedHashMap::new, Collectors.toList()));
  }

  /** Declares the table for the stock connector, with the given columns. */
  TwoConnectors stock(String name, List<Field> declared, boolean timestamps, String... options) {
    Schema.Builder schema = Schema.newBuilder().column("k", keyType);
    families(declared)
        .forEach(
            (family, members) ->
                schema.column(
                    family,
                    DataTypes.ROW(
                        members.stream()
                            .map(f -> DataTypes.FIELD(f.qualifier(), f.type()))
                            .toArray(DataTypes.Field[]::new))));
    if (timestamps) {
      // The stock source has no metadata columns, so a table with timestamps can only be written.
      schema.columnByMetadata("ts", DataTypes.TIMESTAMP_LTZ(3), "timestamp");
    }
    TableDescriptor.Builder descriptor =
        TableDescriptor.forConnector("hbase-2.2")
            .option("table-name", table)
            .option("zookeeper.quorum", hbase.address());
    return declare(name, schema, descriptor, options);
  }

  /** Declares the table for our connector. An option maps each column to its HBase column. */
  TwoConnectors ours(String name, String... options) {
    return ours(name, false, options);
  }

  /** Declares the table for our connector, with an expiry time for each row. */
  TwoConnectors oursThatEnd(String name, String... options) {
    return ours(name, true, options);
  }

  private TwoConnectors ours(String name, boolean end, String... options) {
    Schema.Builder schema = Schema.newBuilder().column("k", keyType);
    TableDescriptor.Builder descriptor =
        TableDescriptor.forConnector("dim")
            .option("store", "hbase-redis")
            .option("table", table)
            .option("hbase-redis.zookeeper.quorum", hbase.address())
            .option("hbase-redis.redis.host", redis.host())
            .option("hbase-redis.redis.port", Integer.toString(redis.port()))
            .option("hbase-redis.deadline", "30 s")
            .option("sink.order", "version");
    for (Field field : fields) {
      schema.column(field.name(), field.type());
      descriptor.option(
          "hbase-redis.column." + field.name(), field.family() + ":" + field.qualifier());
    }
    schema.columnByMetadata("version", DataTypes.BIGINT());
    if (end) {
      schema.columnByMetadata("expiry", DataTypes.TIMESTAMP_LTZ(3));
    }
    return declare(name, schema, descriptor, options);
  }

  private TwoConnectors declare(
      String name, Schema.Builder schema, TableDescriptor.Builder descriptor, String... options) {
    for (int i = 0; i < options.length; i += 2) {
      descriptor.option(options[i], options[i + 1]);
    }
    env.createTemporaryTable(name, descriptor.schema(schema.primaryKey("k").build()).build());
    return this;
  }

  /** A change: the key, the values and the version. The values of a delete are ignored. */
  record Change(RowKind kind, Object key, Row values, long version) {}

  /**
   * Writes through the stock connector, with the versions as timestamps or with the server's time.
   */
  void writeStock(String name, List<Field> declared, boolean timestamps, List<Change> changes)
      throws Exception {
    StringBuilder columns = new StringBuilder("k");
    families(declared)
        .forEach(
            (family, members) ->
                columns.append(
                    members.stream()
                        .map(f -> "`" + f.name() + "`")
                        .collect(Collectors.joining(", ", ", ROW(", ")"))));
    insert(name, columns + (timestamps ? ", TO_TIMESTAMP_LTZ(version, 3)" : ""), changes);
  }

  /** Writes through our connector. */
  void writeOurs(String name, List<Change> changes) throws Exception {
    insert(name, "k, " + names() + ", version", changes);
  }

  /** Writes rows through our connector that have already expired when they arrive. */
  void writeOursThatHaveEnded(String name, List<Change> changes) throws Exception {
    insert(name, "k, " + names() + ", version, TO_TIMESTAMP_LTZ(1, 3)", changes);
  }

  /** Runs a major compaction, which drops the cells that no reader can see. */
  void compact() throws Exception {
    TableName name = TableName.valueOf(table);
    try (Connection connection = connect();
        Admin admin = connection.getAdmin()) {
      long start = System.currentTimeMillis();
      admin.flush(name);
      admin.majorCompact(name);
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      while (admin.getLastMajorCompactionTimestamp(name) < start
          || admin.getCompactionState(name) != CompactionState.NONE) {
        if (System.nanoTime() > end) {
          throw new AssertionError("Still waiting for the compaction of " + table);
        }
        LockSupport.parkNanos(20_000_000);
      }
    }
  }

  private void insert(String name, String columns, List<Change> changes) throws Exception {
    if (changes.isEmpty()) {
      return;
    }
    List<DataTypes.Field> types = new ArrayList<>();
    types.add(DataTypes.FIELD("k", keyType));
    fields.forEach(f -> types.add(DataTypes.FIELD(f.name(), f.type())));
    types.add(DataTypes.FIELD("version", DataTypes.BIGINT().notNull()));
    List<Row> rows = new ArrayList<>();
    for (Change change : changes) {
      Row row = Row.withPositions(change.kind(), fields.size() + 2);
      row.setField(0, change.key());
      for (int i = 0; i < fields.size(); i++) {
        row.setField(i + 1, change.values().getField(i));
      }
      row.setField(fields.size() + 1, change.version());
      rows.add(row);
    }
    var source =
        streams.fromData(
            rows, ExternalTypeInfo.<Row>of(DataTypes.ROW(types.toArray(DataTypes.Field[]::new))));
    env.createTemporaryView(
        "changes",
        env.fromChangelogStream(
            source, Schema.newBuilder().primaryKey("k").build(), ChangelogMode.all()));
    env.executeSql("INSERT INTO " + name + " SELECT " + columns + " FROM changes").await();
    env.dropTemporaryView("changes");
  }

  /** Returns all rows as the stock connector scans them. */
  Map<String, Row> scanStock(String name) throws Exception {
    String columns =
        fields.stream()
            .map(f -> "t." + f.family() + ".`" + f.qualifier() + "`")
            .collect(Collectors.joining(", "));
    return rows("SELECT t.k, " + columns + " FROM " + name + " AS t");
  }

  /** Returns all rows as our connector scans them, which is from HBase. */
  Map<String, Row> scanOurs(String name) throws Exception {
    return rows("SELECT k, " + names() + " FROM " + name);
  }

  /**
   * Returns the rows of these keys as our lookup join finds them. Rows come from Redis if it has
   * them.
   */
  Map<String, Row> lookUpOurs(String name, Collection<?> keys) throws Exception {
    List<Row> rows = keys.stream().map(key -> Row.of(key)).toList();
    var source =
        streams.fromData(
            rows, ExternalTypeInfo.<Row>of(DataTypes.ROW(DataTypes.FIELD("k", keyType))));
    env.createTemporaryView(
        "keys",
        env.fromDataStream(
            source, Schema.newBuilder().columnByExpression("pt", "PROCTIME()").build()));
    try {
      return rows(
          "SELECT keys.k, "
              + fields.stream().map(f -> "d.`" + f.name() + "`").collect(Collectors.joining(", "))
              + " FROM keys JOIN "
              + name
              + " FOR SYSTEM_TIME AS OF keys.pt AS d ON keys.k = d.k");
    } finally {
      env.dropTemporaryView("keys");
    }
  }

  private String names() {
    return fields.stream().map(f -> "`" + f.name() + "`").collect(Collectors.joining(", "));
  }

  /** Runs a query and returns its rows by the text of their keys. */
  private Map<String, Row> rows(String query) throws Exception {
    Map<String, Row> rows = new LinkedHashMap<>();
    try (CloseableIterator<Row> found = env.executeSql(query).collect()) {
      while (found.hasNext()) {
        Row row = found.next();
        Row values = Row.withPositions(row.getArity() - 1);
        for (int i = 1; i < row.getArity(); i++) {
          Object value = row.getField(i);
          // Flink has only months here. It returns them as 14M or as 1Y2M.
          values.setField(i - 1, value instanceof Period months ? months.normalized() : value);
        }
        String key = String.valueOf(row.getField(0));
        if (rows.put(key, values) != null) {
          throw new AssertionError("Two rows of key " + key);
        }
      }
    }
    return rows;
  }
}
