// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import static io.dimstore.migration.hbase.ReplicatedHBase.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.hbase.HBaseRows;
import io.dimstore.mirror.control.ChangeCarriers;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.DynamoDbEndpoint;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hbase.KeyValue;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.AsyncConnection;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptorBuilder;
import org.apache.hadoop.hbase.client.Connection;
import org.apache.hadoop.hbase.client.ConnectionFactory;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.ResultScanner;
import org.apache.hadoop.hbase.client.Scan;
import org.apache.hadoop.hbase.client.Table;
import org.apache.hadoop.hbase.client.TableDescriptorBuilder;
import org.apache.hadoop.hbase.io.hfile.CacheConfig;
import org.apache.hadoop.hbase.io.hfile.HFile;
import org.apache.hadoop.hbase.io.hfile.HFileContextBuilder;
import org.apache.hadoop.hbase.replication.ReplicationPeerConfig;
import org.apache.hadoop.hbase.tool.BulkLoadHFiles;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/** Tables that are in HBase and in DynamoDB, and the peers that carry their changes. */
final class CarriedTables implements AutoCloseable {

  static final byte[] F = Bytes.toBytes("f");
  static final byte[] G = Bytes.toBytes("g");
  static final byte[] A = Bytes.toBytes("a");
  static final byte[] B = Bytes.toBytes("b");
  static final byte[] N = Bytes.toBytes("n");

  private static final String COLUMNS = "k STRING, a STRING, b STRING, n BIGINT";

  private final ReplicatedHBase hbase;
  private final Map<String, String> storeOptions;
  private final DimensionStore dynamodb;
  private Connection connection;
  private AsyncConnection asynchronous;

  CarriedTables(ReplicatedHBase hbase, DynamoDbEndpoint target) throws Exception {
    this.hbase = hbase;
    this.storeOptions =
        Map.of(
            "endpoint", target.address(),
            "region", target.region(),
            "access-key", target.accessKeyId(),
            "secret-key", target.secretAccessKey());
    this.dynamodb =
        DimensionStores.open("dynamodb", storeOptions, StoreMetrics.NONE, InstantSource.system());
    this.connection = ConnectionFactory.createConnection(hbase.configuration());
    this.asynchronous = ConnectionFactory.createAsyncConnection(hbase.configuration()).get();
  }

  ReplicatedHBase hbase() {
    return hbase;
  }

  DimensionStore dynamodb() {
    return dynamodb;
  }

  Connection connection() {
    return connection;
  }

  AsyncConnection asynchronous() {
    return asynchronous;
  }

  void disconnect() throws IOException {
    connection.close();
    asynchronous.close();
  }

  void connect() throws Exception {
    connection = ConnectionFactory.createConnection(hbase.configuration());
    asynchronous = ConnectionFactory.createAsyncConnection(hbase.configuration()).get();
  }

  Table table(String name) throws IOException {
    return connection.getTable(TableName.valueOf(name));
  }

  /** Creates a table with families that are replicated, in both stores. */
  void create(String name, byte[]... families) throws Exception {
    create(name, each -> each, table -> table, families);
  }

  void create(
      String name,
      UnaryOperator<ColumnFamilyDescriptorBuilder> ofFamily,
      UnaryOperator<TableDescriptorBuilder> ofTable,
      byte[]... families)
      throws Exception {
    TableDescriptorBuilder table = TableDescriptorBuilder.newBuilder(TableName.valueOf(name));
    for (byte[] family : families) {
      table.setColumnFamily(
          ofFamily
              .apply(ColumnFamilyDescriptorBuilder.newBuilder(family).setScope(1).setMaxVersions(3))
              .build());
    }
    try (Admin admin = connection.getAdmin()) {
      admin.createTable(ofTable.apply(table).build());
    }
    dynamodb.createIfAbsent(spec(name)).toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  /** Adds a peer. Its further settings override those of the tests. */
  void addPeer(String id, Map<String, String> more, String... tables) throws IOException {
    Map<String, String> settings = new HashMap<>();
    settings.put("dimstore.store", "dynamodb");
    storeOptions.forEach((name, value) -> settings.put("dimstore.store." + name, value));
    settings.put("dimstore.store.deadline", "2 s");
    settings.put("dimstore.max-pause", "200 ms");
    settings.put("dimstore.batch-rows", "16");
    Map<TableName, List<String>> carried = new HashMap<>();
    for (String table : tables) {
      settings.put("dimstore.table." + table + ".columns", COLUMNS);
      settings.put("dimstore.table." + table + ".key", "k");
      settings.put("dimstore.table." + table + ".source.column.n", "g:n");
      carried.put(TableName.valueOf(table), List.of());
    }
    settings.putAll(more);
    try (Admin admin = connection.getAdmin()) {
      admin.addReplicationPeer(
          id,
          ReplicationPeerConfig.newBuilder()
              .setReplicationEndpointImpl(DimstoreReplicationEndpoint.class.getName())
              .putAllConfiguration(settings)
              .setReplicateAllUserTables(false)
              .setTableCFsMap(carried)
              .build());
    }
  }

  void removePeer(String id) throws IOException {
    try (Admin admin = connection.getAdmin()) {
      admin.removeReplicationPeer(id);
    }
  }

  /** Changes one setting of a peer. */
  void configure(String peer, String name, String value) throws IOException {
    try (Admin admin = connection.getAdmin()) {
      admin.updateReplicationPeerConfig(
          peer,
          ReplicationPeerConfig.newBuilder(admin.getReplicationPeerConfig(peer))
              .putConfiguration(name, value)
              .build());
    }
  }

  /** Asks as the command {@code migrate preflight} does. */
  ChangeCarriers.Coverage coverage(String table) throws InterruptedException {
    return ChangeCarriers.of("hbase-redis")
        .orElseThrow()
        .coverage(Map.of("zookeeper.quorum", hbase.address()), sourceSpec(table));
  }

  /** Loads a file into family {@code f}: one cell {@code f:a} for each row, in their order. */
  void bulkLoad(String table, long version, List<String> rows, String value) throws Exception {
    FileSystem files = FileSystem.get(hbase.configuration());
    Path file = new Path(hbase.folder().resolveSibling("loaded/" + table + "/f/file").toUri());
    try (HFile.Writer writer =
        HFile.getWriterFactory(hbase.configuration(), new CacheConfig(hbase.configuration()))
            .withPath(files, file)
            .withFileContext(new HFileContextBuilder().build())
            .create()) {
      for (String row : rows) {
        writer.append(new KeyValue(Bytes.toBytes(row), F, A, version, Bytes.toBytes(value + row)));
      }
    }
    BulkLoadHFiles.create(hbase.configuration())
        .bulkLoad(TableName.valueOf(table), Map.of(F, List.of(file)));
  }

  static TableSpec spec(String name) {
    return new TableSpec(name, ColumnList.parse(COLUMNS), List.of("k"));
  }

  static TableSpec sourceSpec(String name) {
    return new TableSpec(name, ColumnList.parse(COLUMNS), List.of("k"), Map.of("column.n", "g:n"));
  }

  HBaseRows decoder(Layout layout) {
    return new HBaseRows(
        name -> CompletableFuture.completedFuture(asynchronous.getTable(name)),
        new Meter(StoreMetrics.NONE),
        layout);
  }

  static org.apache.hadoop.hbase.client.Put put(
      byte[] row, long version, @Nullable String a, @Nullable String b, @Nullable Long n) {
    org.apache.hadoop.hbase.client.Put put = new org.apache.hadoop.hbase.client.Put(row, version);
    if (a != null) {
      put.addColumn(F, A, Bytes.toBytes(a));
    }
    if (b != null) {
      put.addColumn(F, B, Bytes.toBytes(b));
    }
    if (n != null) {
      put.addColumn(G, N, Bytes.toBytes(n));
    }
    return put;
  }

  void awaitEqual(String table) {
    Map<String, Row> expected = new TreeMap<>();
    Map<String, Row> found = new TreeMap<>();
    try {
      await(
          "equal rows",
          () -> {
            expected.clear();
            expected.putAll(shownByHBase(table));
            found.clear();
            found.putAll(shownByDynamoDb(table));
            return found.equals(expected);
          });
    } catch (AssertionError e) {
      assertThat(found).as(e.getMessage()).isEqualTo(expected);
      throw e;
    }
  }

  /** What a scan of HBase shows; plain tables are decoded here, independently of dimstore. */
  Map<String, Row> shownByHBase(String table) throws IOException {
    Map<String, Row> rows = new TreeMap<>();
    TableSpec spec = sourceSpec(table);
    HBaseRows decoder = decoder(new Layout(spec));
    try (Table source = table(table);
        ResultScanner scanner = source.getScanner(new Scan())) {
      for (Result result : scanner) {
        String key = Bytes.toString(result.getRow());
        if (!table.equals("ours")) {
          byte[] n = result.getValue(G, N);
          rows.put(
              key,
              Row.of(
                  Bytes.toString(result.getValue(F, A)),
                  Bytes.toString(result.getValue(F, B)),
                  n == null ? null : Bytes.toLong(n)));
        } else {
          long now = System.currentTimeMillis();
          Put put =
              decoder
                  .decode(Key.of(key), result, spec.all(), now)
                  .answer(Key.of(key), spec.all(), now);
          if (put != null) {
            rows.put(key, put.row());
          }
        }
      }
    }
    return rows;
  }

  Map<String, Row> shownByDynamoDb(String table) throws Exception {
    Map<String, Row> rows = new TreeMap<>();
    for (Put put : scan(table)) {
      rows.put((String) put.key().get(0), put.row());
    }
    return rows;
  }

  long expiry(String table, String key) throws Exception {
    return scan(table).stream()
        .filter(put -> put.key().equals(Key.of(key)))
        .findFirst()
        .orElseThrow()
        .expiresAtMillis();
  }

  List<Put> scan(String name) throws Exception {
    DimensionTable table = dynamodb.table(spec(name));
    List<Put> rows = new ArrayList<>();
    var splits =
        table
            .splits(1, ScanOptions.rows(spec(name).all()))
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    for (ScanSplit split : splits) {
      ScanSplit rest = split;
      while (rest != null) {
        ScanPage page = table.scan(rest, 1_000).toCompletableFuture().get(10, TimeUnit.SECONDS);
        page.changes().forEach(change -> rows.add((Put) change));
        rest = page.remaining();
      }
    }
    return rows;
  }

  @Override
  public void close() throws IOException {
    dynamodb.close();
    disconnect();
    hbase.close();
  }
}
