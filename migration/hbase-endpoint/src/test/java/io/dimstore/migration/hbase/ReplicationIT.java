// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import static io.dimstore.migration.hbase.ReplicatedHBase.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.ChangeEncoder;
import io.dimstore.hbaseredis.internal.encoding.EntryCodec;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.hbase.HBaseRows;
import io.dimstore.hbaseredis.internal.hbase.ReplicationOrigin;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.support.Deadline;
import io.dimstore.stack.LocalStackExtension;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hbase.KeyValue;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.Append;
import org.apache.hadoop.hbase.client.AsyncConnection;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptorBuilder;
import org.apache.hadoop.hbase.client.Connection;
import org.apache.hadoop.hbase.client.ConnectionFactory;
import org.apache.hadoop.hbase.client.Delete;
import org.apache.hadoop.hbase.client.Increment;
import org.apache.hadoop.hbase.client.Mutation;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.ResultScanner;
import org.apache.hadoop.hbase.client.RowMutations;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Real servers: a plain HBase client changes rows, and DynamoDB must end with what a scan of HBase
 * shows.
 */
class ReplicationIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  private static final String COLUMNS = "k STRING, a STRING, b STRING, n BIGINT";
  private static final byte[] F = Bytes.toBytes("f");
  private static final byte[] G = Bytes.toBytes("g");
  private static final byte[] A = Bytes.toBytes("a");
  private static final byte[] B = Bytes.toBytes("b");
  private static final byte[] N = Bytes.toBytes("n");
  private static final byte[][] QUALIFIERS = {A, B};

  private static ReplicatedHBase hbase;
  private static Connection connection;
  private static AsyncConnection asynchronous;
  private static DimensionStore dynamodb;

  @BeforeAll
  static void start() throws Exception {
    hbase = ReplicatedHBase.start();
    connect();
    dynamodb =
        DimensionStores.open("dynamodb", storeOptions(), StoreMetrics.NONE, InstantSource.system());
    createTable("plain", F, G);
    createTable("ours", F, G, Bytes.toBytes("s"));
    createTable("defect", F, G);
    createTable("short", F, G);
    createTable("late", F, G);
    createTable("held", F, G);
    addPeer("dimstore", Map.of(), "plain", "ours", "short", "late");
    addPeer(
        "defect",
        Map.of(
            "hbase.replication.source.custom.walentryfilters",
            SkipsFamilyVersionDeletes.class.getName()),
        "defect");
  }

  @AfterAll
  static void stop() throws IOException {
    dynamodb.close();
    asynchronous.close();
    connection.close();
    hbase.close();
  }

  private static void connect() throws Exception {
    connection = ConnectionFactory.createConnection(hbase.configuration());
    asynchronous = ConnectionFactory.createAsyncConnection(hbase.configuration()).get();
  }

  private static Map<String, String> storeOptions() {
    return Map.of(
        "endpoint", stack.dynamoDb().address(),
        "region", stack.dynamoDb().region(),
        "access-key", stack.dynamoDb().accessKeyId(),
        "secret-key", stack.dynamoDb().secretAccessKey());
  }

  private static void createTable(String name, byte[]... families) throws Exception {
    TableDescriptorBuilder table = TableDescriptorBuilder.newBuilder(TableName.valueOf(name));
    for (byte[] family : families) {
      ColumnFamilyDescriptorBuilder each =
          ColumnFamilyDescriptorBuilder.newBuilder(family).setScope(1).setMaxVersions(3);
      if (name.equals("short")) {
        each.setTimeToLive(3_600);
      }
      table.setColumnFamily(each.build());
    }
    if (name.equals("late")) {
      table.setCoprocessor(SlowToShow.class.getName());
    }
    try (Admin admin = connection.getAdmin()) {
      admin.createTable(table.build());
    }
    dynamodb.createIfAbsent(spec(name)).toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static void addPeer(String id, Map<String, String> more, String... tables)
      throws IOException {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("dimstore.store", "dynamodb");
    storeOptions().forEach((name, value) -> settings.put("dimstore.store." + name, value));
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

  private static TableSpec spec(String name) {
    return new TableSpec(name, ColumnList.parse(COLUMNS), List.of("k"));
  }

  private static TableSpec sourceSpec(String name) {
    return new TableSpec(name, ColumnList.parse(COLUMNS), List.of("k"), Map.of("column.n", "g:n"));
  }

  @Test
  void everyKindOfDeleteIsCarriedByItself() throws Exception {
    byte[][] rows = new byte[10][];
    try (Table plain = table("plain")) {
      for (int i = 0; i < rows.length; i++) {
        rows[i] = Bytes.toBytes("delete-" + i);
        plain.put(put(rows[i], 10, "a10", "b10", 10L));
        plain.put(put(rows[i], 20, "a20", null, null));
      }
      awaitEqual("plain");
      plain.delete(new Delete(rows[0]));
      plain.delete(new Delete(rows[1], 15));
      plain.delete(new Delete(rows[2]).addFamily(F));
      plain.delete(new Delete(rows[3]).addFamily(F, 10));
      plain.delete(new Delete(rows[4]).addFamilyVersion(F, 20));
      plain.delete(new Delete(rows[5]).addFamilyVersion(F, 10));
      plain.delete(new Delete(rows[6]).addColumns(F, A));
      plain.delete(new Delete(rows[7]).addColumns(F, A, 10));
      plain.delete(new Delete(rows[8]).addColumn(F, A));
      plain.delete(new Delete(rows[9]).addColumn(F, A, 20));
      awaitEqual("plain");
      Map<String, Row> shown = shownByDynamoDb("plain");
      assertThat(shown).doesNotContainKey("delete-0");
      assertThat(shown)
          .containsEntry("delete-1", Row.of("a20", null, null))
          .containsEntry("delete-2", Row.of(null, null, 10L))
          .containsEntry("delete-3", Row.of("a20", null, 10L))
          .containsEntry("delete-4", Row.of("a10", "b10", 10L))
          .containsEntry("delete-5", Row.of("a20", null, 10L))
          .containsEntry("delete-6", Row.of(null, "b10", 10L))
          .containsEntry("delete-7", Row.of("a20", "b10", 10L))
          .containsEntry("delete-8", Row.of("a10", "b10", 10L))
          .containsEntry("delete-9", Row.of("a10", "b10", 10L));
    }
  }

  @Test
  void aPutThatShowsAgainAfterACompactionIsCarried() throws Exception {
    byte[] row = Bytes.toBytes("again");
    try (Table plain = table("plain");
        Admin admin = connection.getAdmin()) {
      plain.put(put(row, 10, "x", null, null));
      awaitEqual("plain");
      plain.delete(new Delete(row));
      await("the delete", () -> !shownByDynamoDb("plain").containsKey("again"));
      TableName name = TableName.valueOf("plain");
      admin.flush(name);
      long start = System.currentTimeMillis();
      admin.majorCompact(name);
      await(
          "the compaction",
          () ->
              admin.getLastMajorCompactionTimestamp(name) >= start - 60_000
                  && admin.getCompactionState(name).name().equals("NONE"));
      // Until the marker is gone, the put is hidden in HBase too.
      await(
          "the put in HBase",
          () -> {
            plain.put(put(row, 5, "older", null, null));
            return shownByHBase("plain").containsKey("again");
          });
      awaitEqual("plain");
      assertThat(shownByDynamoDb("plain")).containsEntry("again", Row.of("older", null, null));
    }
  }

  @Test
  void incrementsAppendsAndRowMutationsAreCarried() throws Exception {
    byte[] row = Bytes.toBytes("counted");
    try (Table plain = table("plain")) {
      plain.increment(new Increment(row).addColumn(G, N, 5));
      plain.increment(new Increment(row).addColumn(G, N, 2));
      plain.append(new Append(row).addColumn(F, A, Bytes.toBytes("x")));
      plain.append(new Append(row).addColumn(F, A, Bytes.toBytes("y")));
      RowMutations both = new RowMutations(row);
      both.add(
          List.of(
              new org.apache.hadoop.hbase.client.Put(row).addColumn(F, B, Bytes.toBytes("b")),
              new Delete(row).addColumns(F, A)));
      plain.mutateRow(both);
      awaitEqual("plain");
      assertThat(shownByDynamoDb("plain")).containsEntry("counted", Row.of(null, "b", 7L));
    }
  }

  @Test
  void timesToLiveBecomeExpiries() throws Exception {
    long version = System.currentTimeMillis();
    byte[] ofCell = Bytes.toBytes("cell");
    byte[] ofFamily = Bytes.toBytes("family");
    try (Table plain = table("plain");
        Table limited = table("short")) {
      plain.put(put(ofCell, version, "x", "y", 1L).setTTL(60_000));
      limited.put(put(ofFamily, version, "x", "y", 1L));
      limited.put(put(ofCell, version, "x", "y", 1L).setTTL(60_000));
      awaitEqual("plain");
      awaitEqual("short");
    }
    assertThat(expiry("plain", "cell")).isEqualTo(version + 60_001);
    assertThat(expiry("short", "cell")).isEqualTo(version + 60_001);
    assertThat(expiry("short", "family")).isEqualTo(version + 3_600_001);
  }

  @Test
  void bulkLoadedRowsAreCarried() throws Exception {
    FileSystem files = FileSystem.get(hbase.configuration());
    Path file = new Path(hbase.folder().resolveSibling("loaded/f/file").toUri());
    try (HFile.Writer writer =
        HFile.getWriterFactory(hbase.configuration(), new CacheConfig(hbase.configuration()))
            .withPath(files, file)
            .withFileContext(new HFileContextBuilder().build())
            .create()) {
      for (int i = 100; i < 200; i++) {
        writer.append(
            new KeyValue(Bytes.toBytes("loaded-" + i), F, A, 7, Bytes.toBytes("bulk" + i)));
      }
    }
    BulkLoadHFiles.create(hbase.configuration())
        .bulkLoad(TableName.valueOf("plain"), Map.of(F, List.of(file)));
    awaitEqual("plain");
    assertThat(shownByDynamoDb("plain"))
        .containsEntry("loaded-100", Row.of("bulk100", null, null))
        .containsEntry("loaded-199", Row.of("bulk199", null, null));
  }

  @Test
  void changesThatCameFromTheTargetAreNotCarriedBack() throws Exception {
    try (Table plain = table("plain")) {
      plain.put(
          put(Bytes.toBytes("reverse"), 10, "x", null, null)
              .setClusterIds(List.of(ReplicationOrigin.idOf("dimstore"))));
      plain.put(put(Bytes.toBytes("forward"), 10, "x", null, null));
      await("the next row", () -> shownByDynamoDb("plain").containsKey("forward"));
      assertThat(shownByDynamoDb("plain")).doesNotContainKey("reverse");
      plain.delete(new Delete(Bytes.toBytes("reverse")));
      awaitEqual("plain");
    }
    new Writer("dimstore").write(new Put(Key.of("reverse"), Row.of("x", "y", 1L), 10));
    new Writer(null).write(new Put(Key.of("forward"), Row.of("x", "y", 1L), 10));
    await("the next row of dimstore", () -> shownByDynamoDb("ours").containsKey("forward"));
    assertThat(shownByDynamoDb("ours")).doesNotContainKey("reverse");
    new Writer(null).write(new io.dimstore.spi.Delete(Key.of("reverse"), 11));
    awaitEqual("ours");
  }

  @Test
  void aRowThatTheTargetRefusesIsRecordedAndTheNextOnesAreCarried() throws Exception {
    byte[] row = Bytes.toBytes("large");
    try (Table plain = table("plain")) {
      plain.put(put(row, 10, "x".repeat(500_000), null, null));
      plain.put(put(Bytes.toBytes("larger"), 10, "x", null, null));
      await("the next row", () -> shownByDynamoDb("plain").containsKey("larger"));
      try (Table letters = table("dimstore_dead_letters")) {
        byte[] key = DeadLetters.letterKey("dimstore", TableName.valueOf("plain"), row);
        await(
            "the record",
            () -> !letters.get(new org.apache.hadoop.hbase.client.Get(key)).isEmpty());
      }
      plain.delete(new Delete(row));
      awaitEqual("plain");
    }
  }

  @Test
  void aSkippedKindOfDeleteIsFound() throws Exception {
    byte[] row = Bytes.toBytes("kept");
    try (Table defect = table("defect")) {
      defect.put(put(row, 10, "x", null, null));
      awaitEqual("defect");
      defect.delete(new Delete(row).addFamilyVersion(F, 10));
      defect.put(put(Bytes.toBytes("last"), 10, "x", null, null));
      await("the last row", () -> shownByDynamoDb("defect").containsKey("last"));
      assertThat(shownByDynamoDb("defect")).isNotEqualTo(shownByHBase("defect"));
    }
  }

  @Test
  void aChangeThatReadersDoNotSeeYetIsWaitedFor() throws Exception {
    try (Table late = table("late")) {
      late.put(put(Bytes.toBytes("row"), 10, "before", null, null));
      awaitEqual("late");
      late.put(put(Bytes.toBytes("row"), 20, "after", null, null));
      awaitEqual("late");
      assertThat(shownByDynamoDb("late")).containsEntry("row", Row.of("after", null, null));
    }
  }

  @Test
  void aWrongConfigurationHoldsTheChangesUntilItIsCorrected() throws Exception {
    addPeer("held", Map.of("dimstore.table.held.source.family", "missing"), "held");
    try (Table held = table("held");
        Admin admin = connection.getAdmin()) {
      held.put(put(Bytes.toBytes("row"), 10, "x", null, null));
      await("the message", () -> hbase.log().contains("Table held has no family 'missing'"));
      ReplicationPeerConfig wrong = admin.getReplicationPeerConfig("held");
      admin.updateReplicationPeerConfig(
          "held",
          ReplicationPeerConfig.newBuilder(wrong)
              .putConfiguration("dimstore.table.held.source.family", "f")
              .build());
      awaitEqual("held");
    }
  }

  @Test
  void coverageNamesFamiliesThatNoPeerCarries() throws Exception {
    createTable("local", F, G);
    TableName local = TableName.valueOf("local");
    try (Admin admin = connection.getAdmin()) {
      admin.modifyColumnFamily(
          local, ColumnFamilyDescriptorBuilder.newBuilder(G).setScope(0).build());
      admin.addReplicationPeer(
          "part",
          ReplicationPeerConfig.newBuilder()
              .setReplicationEndpointImpl(DimstoreReplicationEndpoint.class.getName())
              .setReplicateAllUserTables(false)
              .setTableCFsMap(Map.of(local, List.of("f")))
              .build(),
          false);
      List<TableCoverage> coverage =
          TableCoverage.of(admin, List.of(TableName.valueOf("plain"), local));
      assertThat(coverage.get(0).isCovered()).isTrue();
      assertThat(coverage.get(0).localFamilies()).isEmpty();
      assertThat(coverage.get(1).isCovered()).isFalse();
      assertThat(coverage.get(1).localFamilies()).containsExactly("g");
      assertThat(coverage.get(1).peers())
          .containsExactly(
              new TableCoverage.Peer(
                  "part", DimstoreReplicationEndpoint.class.getName(), false, Set.of("g")));
    }
  }

  /**
   * Random changes of every kind, with versions that repeat and fall, on a plain table and on one
   * that dimstore writes too, while the target is paused, HBase compacts, and the region server is
   * killed.
   */
  @Test
  void randomChangesEndAsHBaseShowsThem() throws Exception {
    Random random = new Random(42);
    changes(random, 300);
    flush();
    changes(random, 100);
    long target = stack.stack("dynamodb").process("dynamodb").pid();
    signal("STOP", target);
    try {
      changes(random, 200);
      await("a failed attempt", () -> hbase.log().contains("Changes wait, and are carried again"));
      connection.close();
      asynchronous.close();
      hbase.kill();
    } finally {
      signal("CONT", target);
    }
    hbase.restart();
    connect();
    changes(random, 200);
    awaitEqual("plain");
    awaitEqual("ours");
  }

  private static void signal(String name, long pid) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor())
        .isZero();
  }

  private static void flush() throws IOException {
    try (Admin admin = connection.getAdmin()) {
      admin.flush(TableName.valueOf("plain"));
      admin.flush(TableName.valueOf("ours"));
      admin.majorCompact(TableName.valueOf("plain"));
      admin.majorCompact(TableName.valueOf("ours"));
    }
  }

  private static void changes(Random random, int count) throws Exception {
    Writer ours = new Writer(null);
    try (Table plain = table("plain");
        Table shared = table("ours")) {
      for (int i = 0; i < count; i++) {
        boolean first = random.nextBoolean();
        byte[] row = Bytes.toBytes("row-" + random.nextInt(25));
        if (!first && random.nextInt(3) == 0) {
          ours.write(random, Bytes.toString(row));
        } else {
          change(first ? plain : shared, random, row);
        }
      }
    }
  }

  private static void change(Table table, Random random, byte[] row) throws IOException {
    byte[] qualifier = QUALIFIERS[random.nextInt(2)];
    long version = version(random);
    Mutation change =
        switch (random.nextInt(14)) {
          case 0 -> new Delete(row);
          case 1 -> new Delete(row, version);
          case 2 -> new Delete(row).addFamily(F);
          case 3 -> new Delete(row).addFamily(random.nextBoolean() ? F : G, version);
          case 4 -> new Delete(row).addFamilyVersion(random.nextBoolean() ? F : G, version);
          case 5 -> new Delete(row).addColumns(F, qualifier);
          case 6 -> new Delete(row).addColumns(F, qualifier, version);
          case 7 -> new Delete(row).addColumn(F, qualifier);
          case 8 -> new Delete(row).addColumn(F, qualifier, version);
          case 9 -> new Increment(row).addColumn(G, N, 1);
          case 10 -> new Append(row).addColumn(F, qualifier, Bytes.toBytes("+"));
          case 11 ->
              new org.apache.hadoop.hbase.client.Put(row)
                  .addColumn(F, qualifier, Bytes.toBytes("now" + random.nextInt(9)));
          default ->
              put(
                  row,
                  version,
                  random.nextBoolean() ? "a" + random.nextInt(99) : null,
                  "b" + random.nextInt(99),
                  random.nextBoolean() ? random.nextLong() : null);
        };
    if (change instanceof Increment increment) {
      table.increment(increment);
    } else if (change instanceof Append append) {
      table.append(append);
    } else if (change instanceof Delete delete) {
      table.delete(delete);
    } else {
      table.put((org.apache.hadoop.hbase.client.Put) change);
    }
  }

  /** Versions that often repeat, and now and then are the present time. */
  private static long version(Random random) {
    return random.nextInt(4) == 0 ? System.currentTimeMillis() : 1 + random.nextInt(12);
  }

  /** Writes as dimstore does, with state cells, but only to HBase. */
  private static final class Writer {
    final TableSpec spec = sourceSpec("ours");
    final Layout layout = new Layout(spec);
    final ChangeEncoder encoder = new ChangeEncoder(spec, layout, new EntryCodec(layout));
    final HBaseRows rows;

    Writer(@Nullable String origin) {
      rows =
          new HBaseRows(
              name -> CompletableFuture.completedFuture(asynchronous.getTable(name)),
              new Meter(StoreMetrics.NONE),
              layout,
              false,
              origin);
    }

    void write(Random random, String key) throws Exception {
      long version = version(random);
      Change change =
          random.nextInt(3) == 0
              ? new io.dimstore.spi.Delete(Key.of(key), version)
              : new Put(
                  Key.of(key),
                  Row.of(random.nextBoolean() ? null : "s" + random.nextInt(99), "t", 1L),
                  version,
                  random.nextInt(4) == 0 ? System.currentTimeMillis() + 3_600_000 : Put.NEVER);
      write(change);
    }

    void write(Change change) throws Exception {
      rows.apply(
              encoder.prepare(List.of(change), System.currentTimeMillis()),
              Deadline.after(Duration.ofSeconds(10)))
          .get(30, TimeUnit.SECONDS);
    }
  }

  private static HBaseRows decoder(Layout layout) {
    return new HBaseRows(
        name -> CompletableFuture.completedFuture(asynchronous.getTable(name)),
        new Meter(StoreMetrics.NONE),
        layout);
  }

  private static Table table(String name) throws IOException {
    return connection.getTable(TableName.valueOf(name));
  }

  private static org.apache.hadoop.hbase.client.Put put(
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

  private static void awaitEqual(String table) {
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
  private static Map<String, Row> shownByHBase(String table) throws IOException {
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

  private static Map<String, Row> shownByDynamoDb(String table) throws Exception {
    Map<String, Row> rows = new TreeMap<>();
    for (Put put : scan(table)) {
      rows.put((String) put.key().get(0), put.row());
    }
    return rows;
  }

  private static long expiry(String table, String key) throws Exception {
    return scan(table).stream()
        .filter(put -> put.key().equals(Key.of(key)))
        .findFirst()
        .orElseThrow()
        .expiresAtMillis();
  }

  private static List<Put> scan(String name) throws Exception {
    DimensionTable table = dynamodb.table(spec(name));
    List<Put> rows = new ArrayList<>();
    var splits =
        table
            .splits(1, io.dimstore.spi.ScanOptions.rows(spec(name).all()))
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
    for (io.dimstore.spi.ScanSplit split : splits) {
      io.dimstore.spi.ScanSplit rest = split;
      while (rest != null) {
        io.dimstore.spi.ScanPage page =
            table.scan(rest, 1_000).toCompletableFuture().get(10, TimeUnit.SECONDS);
        page.changes().forEach(change -> rows.add((Put) change));
        rest = page.remaining();
      }
    }
    return rows;
  }
}
