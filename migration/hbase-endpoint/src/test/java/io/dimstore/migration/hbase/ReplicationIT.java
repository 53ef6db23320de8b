// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import static io.dimstore.migration.hbase.CarriedTables.A;
import static io.dimstore.migration.hbase.CarriedTables.B;
import static io.dimstore.migration.hbase.CarriedTables.F;
import static io.dimstore.migration.hbase.CarriedTables.G;
import static io.dimstore.migration.hbase.CarriedTables.N;
import static io.dimstore.migration.hbase.CarriedTables.put;
import static io.dimstore.migration.hbase.CarriedTables.sourceSpec;
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
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.support.Deadline;
import io.dimstore.stack.LocalStackExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.hadoop.hbase.ServerName;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.Append;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptor;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptorBuilder;
import org.apache.hadoop.hbase.client.Delete;
import org.apache.hadoop.hbase.client.Increment;
import org.apache.hadoop.hbase.client.Mutation;
import org.apache.hadoop.hbase.client.RowMutations;
import org.apache.hadoop.hbase.client.Table;
import org.apache.hadoop.hbase.client.TableDescriptor;
import org.apache.hadoop.hbase.client.TableDescriptorBuilder;
import org.apache.hadoop.hbase.replication.ReplicationPeerConfig;
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

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("dynamodb", "redis");

  private static final byte[][] QUALIFIERS = {A, B};

  private static CarriedTables servers;

  @BeforeAll
  static void start() throws Exception {
    servers = new CarriedTables(ReplicatedHBase.start(Map.of()), stack.dynamoDb());
    servers.create("plain", F, G);
    servers.create("ours", F, G, Bytes.toBytes("s"));
    servers.create("defect", F, G);
    servers.create("short", family -> family.setTimeToLive(3_600), table -> table, F, G);
    servers.create("late", family -> family, ReplicationIT::slowToShow, F, G);
    servers.create("held", F, G);
    servers.addPeer("dimstore", Map.of(), "plain", "ours", "short", "late");
    servers.addPeer(
        "defect",
        Map.of(
            "hbase.replication.source.custom.walentryfilters",
            SkipsFamilyVersionDeletes.class.getName()),
        "defect");
  }

  private static TableDescriptorBuilder slowToShow(TableDescriptorBuilder table) {
    try {
      return table.setCoprocessor(SlowToShow.class.getName());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterAll
  static void stop() throws IOException {
    servers.close();
  }

  @Test
  void everyKindOfDeleteIsCarriedByItself() throws Exception {
    byte[][] rows = new byte[10][];
    try (Table plain = servers.table("plain")) {
      for (int i = 0; i < rows.length; i++) {
        rows[i] = Bytes.toBytes("delete-" + i);
        plain.put(put(rows[i], 10, "a10", "b10", 10L));
        plain.put(put(rows[i], 20, "a20", null, null));
      }
      servers.awaitEqual("plain");
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
      servers.awaitEqual("plain");
      Map<String, Row> shown = servers.shownByDynamoDb("plain");
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
    try (Table plain = servers.table("plain");
        Admin admin = servers.connection().getAdmin()) {
      plain.put(put(row, 10, "x", null, null));
      servers.awaitEqual("plain");
      plain.delete(new Delete(row));
      await("the delete", () -> !servers.shownByDynamoDb("plain").containsKey("again"));
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
            return servers.shownByHBase("plain").containsKey("again");
          });
      servers.awaitEqual("plain");
      assertThat(servers.shownByDynamoDb("plain"))
          .containsEntry("again", Row.of("older", null, null));
    }
  }

  @Test
  void incrementsAppendsAndRowMutationsAreCarried() throws Exception {
    byte[] row = Bytes.toBytes("counted");
    try (Table plain = servers.table("plain")) {
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
      servers.awaitEqual("plain");
      assertThat(servers.shownByDynamoDb("plain")).containsEntry("counted", Row.of(null, "b", 7L));
    }
  }

  @Test
  void timesToLiveBecomeExpiries() throws Exception {
    long version = System.currentTimeMillis();
    byte[] ofCell = Bytes.toBytes("cell");
    byte[] ofFamily = Bytes.toBytes("family");
    try (Table plain = servers.table("plain");
        Table limited = servers.table("short")) {
      plain.put(put(ofCell, version, "x", "y", 1L).setTTL(60_000));
      limited.put(put(ofFamily, version, "x", "y", 1L));
      limited.put(put(ofCell, version, "x", "y", 1L).setTTL(60_000));
      servers.awaitEqual("plain");
      servers.awaitEqual("short");
    }
    assertThat(servers.expiry("plain", "cell")).isEqualTo(version + 60_001);
    assertThat(servers.expiry("short", "cell")).isEqualTo(version + 60_001);
    assertThat(servers.expiry("short", "family")).isEqualTo(version + 3_600_001);
  }

  @Test
  void bulkLoadedRowsAreCarried() throws Exception {
    servers.bulkLoad(
        "plain", 7, IntStream.range(100, 200).mapToObj(i -> "loaded-" + i).toList(), "bulk-");
    servers.awaitEqual("plain");
    assertThat(servers.shownByDynamoDb("plain"))
        .containsEntry("loaded-100", Row.of("bulk-loaded-100", null, null))
        .containsEntry("loaded-199", Row.of("bulk-loaded-199", null, null));
  }

  @Test
  void changesThatCameFromTheTargetAreNotCarriedBack() throws Exception {
    try (Table plain = servers.table("plain")) {
      plain.put(
          put(Bytes.toBytes("reverse"), 10, "x", null, null)
              .setClusterIds(List.of(ReplicationOrigin.idOf("dimstore"))));
      plain.put(put(Bytes.toBytes("forward"), 10, "x", null, null));
      await("the next row", () -> servers.shownByDynamoDb("plain").containsKey("forward"));
      assertThat(servers.shownByDynamoDb("plain")).doesNotContainKey("reverse");
      plain.delete(new Delete(Bytes.toBytes("reverse")));
      servers.awaitEqual("plain");
    }
    new Writer("dimstore").write(new Put(Key.of("reverse"), Row.of("x", "y", 1L), 10));
    new Writer(null).write(new Put(Key.of("forward"), Row.of("x", "y", 1L), 10));
    await("the next row of dimstore", () -> servers.shownByDynamoDb("ours").containsKey("forward"));
    assertThat(servers.shownByDynamoDb("ours")).doesNotContainKey("reverse");
    new Writer(null).write(new io.dimstore.spi.Delete(Key.of("reverse"), 11));
    servers.awaitEqual("ours");
  }

  @Test
  void changesOfAStoreWithTheOriginAreNotCarriedBackAndThoseOfOtherProgramsAre() throws Exception {
    TableSpec spec = sourceSpec("stored");
    Map<String, String> marked = Map.of("replication-origin", "dimstore");
    try (DimensionStore mirrored = store(marked);
        DimensionStore checked =
            store(Map.of("replication-origin", "dimstore", "checked-writes", "true"));
        DimensionStore unmarked = store(Map.of());
        Table plain = servers.table("stored");
        Admin admin = servers.connection().getAdmin()) {
      mirrored.createIfAbsent(spec).toCompletableFuture().get(60, TimeUnit.SECONDS);
      TableDescriptor created = admin.getDescriptor(plain.getName());
      for (ColumnFamilyDescriptor family : created.getColumnFamilies()) {
        admin.modifyColumnFamily(
            plain.getName(), ColumnFamilyDescriptorBuilder.newBuilder(family).setScope(1).build());
      }
      servers
          .dynamodb()
          .createIfAbsent(CarriedTables.spec("stored"))
          .toCompletableFuture()
          .get(30, TimeUnit.SECONDS);
      servers.addPeer("stored", Map.of(), "stored");
      write(mirrored, spec, "mirrored");
      write(checked, spec, "checked");
      write(unmarked, spec, "unmarked");
      plain.put(put(Bytes.toBytes("plain"), 10, "x", null, null));
      await(
          "the other programs' rows", () -> servers.shownByDynamoDb("stored").containsKey("plain"));
      // The log of the region server has the changes in their order.
      assertThat(servers.shownByDynamoDb("stored")).containsOnlyKeys("unmarked", "plain");
      plain.put(put(Bytes.toBytes("mirrored"), 11, "y", null, null));
      await(
          "the change of a row that dimstore wrote",
          () -> servers.shownByDynamoDb("stored").containsKey("mirrored"));
    }
  }

  private static DimensionStore store(Map<String, String> more) {
    Map<String, String> options = new HashMap<>(more);
    options.put("zookeeper.quorum", servers.hbase().address());
    options.put("redis.host", stack.redis().host());
    options.put("redis.port", Integer.toString(stack.redis().port()));
    // The first table is created while classes of the client are still being loaded.
    options.put("deadline", "30 s");
    return DimensionStores.open("hbase-redis", options, StoreMetrics.NONE, InstantSource.system());
  }

  private static void write(DimensionStore store, TableSpec spec, String key) throws Exception {
    store
        .table(spec)
        .write(List.of(new Put(Key.of(key), Row.of("x", "y", 1L), 10)))
        .toCompletableFuture()
        .get(60, TimeUnit.SECONDS);
  }

  @Test
  void aRowThatTheTargetRefusesIsRecordedAndTheNextOnesAreCarried() throws Exception {
    byte[] row = Bytes.toBytes("large");
    try (Table plain = servers.table("plain")) {
      plain.put(put(row, 10, "x".repeat(500_000), null, null));
      plain.put(put(Bytes.toBytes("larger"), 10, "x", null, null));
      await("the next row", () -> servers.shownByDynamoDb("plain").containsKey("larger"));
      try (Table letters = servers.table("dimstore_dead_letters")) {
        byte[] key = DeadLetterTable.letterKey("dimstore", TableName.valueOf("plain"), row);
        await(
            "the record",
            () -> !letters.get(new org.apache.hadoop.hbase.client.Get(key)).isEmpty());
      }
      plain.delete(new Delete(row));
      servers.awaitEqual("plain");
    }
  }

  @Test
  void aSkippedKindOfDeleteIsFound() throws Exception {
    byte[] row = Bytes.toBytes("kept");
    try (Table defect = servers.table("defect")) {
      defect.put(put(row, 10, "x", null, null));
      servers.awaitEqual("defect");
      // The row is compared after it is shown. The next row is carried after that.
      defect.put(put(Bytes.toBytes("second"), 10, "x", null, null));
      await("the second row", () -> servers.shownByDynamoDb("defect").containsKey("second"));
      defect.delete(new Delete(row).addFamilyVersion(F, 10));
      defect.put(put(Bytes.toBytes("last"), 10, "x", null, null));
      await("the last row", () -> servers.shownByDynamoDb("defect").containsKey("last"));
      assertThat(servers.shownByDynamoDb("defect")).isNotEqualTo(servers.shownByHBase("defect"));
    }
  }

  @Test
  void aChangeThatReadersDoNotSeeYetIsWaitedFor() throws Exception {
    try (Table late = servers.table("late")) {
      late.put(put(Bytes.toBytes("row"), 10, "before", null, null));
      servers.awaitEqual("late");
      late.put(put(Bytes.toBytes("row"), 20, "after", null, null));
      servers.awaitEqual("late");
      assertThat(servers.shownByDynamoDb("late")).containsEntry("row", Row.of("after", null, null));
    }
  }

  @Test
  void commandsSeeWhatCoversATableAndWhatDoesNot() throws Exception {
    servers.create("watched", F, G);
    assertThat(servers.coverage("watched").carriers()).isEmpty();
    assertThat(servers.coverage("watched").uncovered())
        .containsExactly("no replication peer of dimstore carries table watched");
    servers.addPeer("watched", Map.of(), "watched");
    assertThat(servers.coverage("watched").carriers()).containsExactly("peer watched");
    assertThat(servers.coverage("watched").uncovered()).isEmpty();
    assertThat(servers.coverage("watched").others()).isEmpty();

    TableName name = TableName.valueOf("watched");
    try (Table watched = servers.table("watched");
        Admin admin = servers.connection().getAdmin()) {
      // A peer that cannot carry a change keeps it: the table is covered, and the lag grows.
      servers.configure("watched", "dimstore.table.watched.source.family", "missing");
      watched.put(put(Bytes.toBytes("row"), 10, "x", null, null));
      await("the lag", () -> servers.coverage("watched").lagMillis() > 0);
      assertThat(servers.coverage("watched").uncovered()).isEmpty();
      servers.configure("watched", "dimstore.table.watched.source.family", "f");
      servers.awaitEqual("watched");
      await("no lag", () -> servers.coverage("watched").lagMillis() == 0);

      admin.disableReplicationPeer("watched");
      assertThat(servers.coverage("watched").uncovered())
          .containsExactly("peer 'watched' is disabled");
      assertThat(servers.coverage("plain").uncovered()).as("another table").isEmpty();
      watched.put(put(Bytes.toBytes("next"), 10, "x", null, null));
      // With a second log the region server counts the first one as waiting.
      for (ServerName server : admin.getRegionServers()) {
        admin.rollWALWriter(server);
      }
      await("the log that waits", () -> servers.coverage("watched").waiting() > 0);
      admin.enableReplicationPeer("watched");
      servers.awaitEqual("watched");
      await("nothing that waits", () -> servers.coverage("watched").waiting() == 0);
      assertThat(servers.coverage("watched").uncovered()).isEmpty();

      admin.modifyColumnFamily(
          name, ColumnFamilyDescriptorBuilder.newBuilder(G).setScope(0).build());
      admin.addReplicationPeer(
          "elsewhere",
          ReplicationPeerConfig.newBuilder()
              .setReplicationEndpointImpl(OtherEndpoint.class.getName())
              .setReplicateAllUserTables(false)
              .setTableCFsMap(Map.of(name, List.of()))
              .build(),
          false);
      try {
        assertThat(servers.coverage("watched").uncovered())
            .containsExactly("family 'g' of table watched has REPLICATION_SCOPE 0");
        assertThat(servers.coverage("watched").others())
            .containsExactly("peer elsewhere of " + OtherEndpoint.class.getName());
        assertThat(servers.coverage("watched").carriers()).containsExactly("peer watched");
      } finally {
        admin.removeReplicationPeer("elsewhere");
      }
    }
  }

  @Test
  void aWrongConfigurationHoldsTheChangesUntilItIsCorrected() throws Exception {
    servers.addPeer("held", Map.of("dimstore.table.held.source.family", "missing"), "held");
    try (Table held = servers.table("held");
        Admin admin = servers.connection().getAdmin()) {
      held.put(put(Bytes.toBytes("row"), 10, "x", null, null));
      await(
          "the message",
          () -> servers.hbase().log().contains("Table held has no family 'missing'"));
      servers.configure("held", "dimstore.table.held.source.family", "f");
      servers.awaitEqual("held");
    }
  }

  @Test
  void coverageNamesFamiliesThatNoPeerCarries() throws Exception {
    servers.create("local", F, G);
    TableName local = TableName.valueOf("local");
    try (Admin admin = servers.connection().getAdmin()) {
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
      await(
          "a failed attempt",
          () -> servers.hbase().log().contains("Changes wait, and are carried again"));
      servers.disconnect();
      servers.hbase().kill();
    } finally {
      signal("CONT", target);
    }
    servers.hbase().restart();
    servers.connect();
    changes(random, 200);
    servers.awaitEqual("plain");
    servers.awaitEqual("ours");
  }

  private static void signal(String name, long pid) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor())
        .isZero();
  }

  private static void flush() throws IOException {
    try (Admin admin = servers.connection().getAdmin()) {
      admin.flush(TableName.valueOf("plain"));
      admin.flush(TableName.valueOf("ours"));
      admin.majorCompact(TableName.valueOf("plain"));
      admin.majorCompact(TableName.valueOf("ours"));
    }
  }

  private static void changes(Random random, int count) throws Exception {
    Writer ours = new Writer(null);
    try (Table plain = servers.table("plain");
        Table shared = servers.table("ours")) {
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
              name -> CompletableFuture.completedFuture(servers.asynchronous().getTable(name)),
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
}
