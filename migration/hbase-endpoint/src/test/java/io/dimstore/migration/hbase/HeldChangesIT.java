// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import static io.dimstore.migration.hbase.CarriedTables.A;
import static io.dimstore.migration.hbase.CarriedTables.B;
import static io.dimstore.migration.hbase.CarriedTables.F;
import static io.dimstore.migration.hbase.CarriedTables.G;
import static io.dimstore.migration.hbase.CarriedTables.N;
import static io.dimstore.migration.hbase.CarriedTables.put;
import static io.dimstore.migration.hbase.ReplicatedHBase.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ServiceException;
import io.dimstore.spi.Row;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.dynamodb.model.Fault;
import io.dimstore.stack.dynamodb.model.ModelSettings;
import io.dimstore.stack.dynamodb.model.ServiceModel;
import io.dimstore.stack.dynamodb.policy.Policy;
import io.dimstore.stack.dynamodb.policy.PolicyProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.hbase.CompareOperator;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.Append;
import org.apache.hadoop.hbase.client.CheckAndMutate;
import org.apache.hadoop.hbase.client.CompactionState;
import org.apache.hadoop.hbase.client.Delete;
import org.apache.hadoop.hbase.client.Durability;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Increment;
import org.apache.hadoop.hbase.client.Put;
import org.apache.hadoop.hbase.client.RowMutations;
import org.apache.hadoop.hbase.client.Table;
import org.apache.hadoop.hbase.client.TableDescriptorBuilder;
import org.apache.hadoop.hbase.coprocessor.MultiRowMutationEndpoint;
import org.apache.hadoop.hbase.protobuf.ProtobufUtil;
import org.apache.hadoop.hbase.protobuf.generated.ClientProtos.MutationProto.MutationType;
import org.apache.hadoop.hbase.protobuf.generated.MultiRowMutationProtos.MultiRowMutationService;
import org.apache.hadoop.hbase.protobuf.generated.MultiRowMutationProtos.MutateRowsRequest;
import org.apache.hadoop.hbase.util.Bytes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Changes that have to wait, cannot be carried, or are made in unusual ways. HBase keeps the files
 * of bulk loads for replication here, and removes files of the archive as soon as it may.
 */
class HeldChangesIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  private static CarriedTables servers;

  @BeforeAll
  static void start() throws Exception {
    servers =
        new CarriedTables(
            ReplicatedHBase.start(
                Map.of(
                    "hbase.replication.bulkload.enabled", "true",
                    "hbase.replication.cluster.id", "source",
                    "hbase.hfile.compaction.discharger.interval", "200",
                    "hbase.master.hfilecleaner.ttl", "0")),
            stack.dynamoDb());
  }

  @AfterAll
  static void stop() throws IOException {
    servers.close();
  }

  @Test
  void throttledChangesWaitAndAreCarried() throws Exception {
    servers.create("throttled", F, G);
    try (ServiceModel model =
            ServiceModel.before(
                stack.dynamoDb().address(), ModelSettings.of("table-write-units=100"));
        Table throttled = servers.table("throttled")) {
      model.otherwise(
          operation ->
              Fault.throttle(
                  "ProvisionedThroughputExceededException",
                  "TableWriteProvisionedThroughputExceeded"));
      servers.addPeer("throttled", Map.of("dimstore.store.endpoint", model.address()), "throttled");
      List<Put> rows = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        rows.add(put(Bytes.toBytes("row-" + i), 10, "a" + i, "b", 1L));
      }
      throttled.put(rows);
      await(
          "a batch that waits",
          () -> servers.hbase().log().contains("Changes wait, and are carried again"));
      throttled.delete(new Delete(Bytes.toBytes("row-7")));
      model.heal();
      servers.awaitEqual("throttled");
      assertThat(servers.shownByDynamoDb("throttled")).hasSize(299);
    }
    assertThat(letters("throttled", "throttled", "row-1")).isFalse();
  }

  @Test
  void rowThatTheTargetRefusesStopsThePeerUntilItIsCorrected() throws Exception {
    servers.create("strict", F, G);
    servers.addPeer("strict", Map.of("dimstore.on-refused", "stop"), "strict");
    try (Table strict = servers.table("strict")) {
      strict.put(put(Bytes.toBytes("large"), 10, "x".repeat(500_000), null, null));
      await(
          "the message",
          () -> servers.hbase().log().contains("Row large of strict cannot be carried: "));
      strict.put(put(Bytes.toBytes("next"), 10, "x", null, null));
      await(
          "attempts that hold the next row too",
          () -> heldAgain("strict", "Row large of strict cannot be carried: "));
      assertThat(servers.shownByDynamoDb("strict")).isEmpty();
      assertThat(letters("strict", "strict", "large")).isFalse();
      strict.put(put(Bytes.toBytes("large"), 20, "small", null, null));
      servers.awaitEqual("strict");
      assertThat(servers.shownByDynamoDb("strict"))
          .containsEntry("large", Row.of("small", null, null))
          .containsEntry("next", Row.of("x", null, null));
    }
  }

  /**
   * With {@code -Dupdate=true} nothing is refused, and the policy is written from what was used.
   */
  @Test
  void endpointNeedsJustTheRightsOfItsPolicy() throws Exception {
    boolean update = Boolean.getBoolean("update");
    Path file = Path.of("../../docs/policies/endpoint.json");
    Policy policy = update ? new Policy("endpoint", Set.of()) : Policy.read(file);
    servers.create("dim_user", F, G);
    try (PolicyProxy proxy = new PolicyProxy(stack.dynamoDb().address(), policy, update);
        Table user = servers.table("dim_user")) {
      servers.addPeer("rights", Map.of("dimstore.store.endpoint", proxy.address()), "dim_user");
      user.put(put(Bytes.toBytes("one"), 10, "x", null, null));
      servers.awaitEqual("dim_user");
      user.put(names(50).stream().map(row -> put(Bytes.toBytes(row), 10, "x", "y", 1L)).toList());
      servers.awaitEqual("dim_user");
      List<Delete> deletes = new ArrayList<>();
      names(20).forEach(row -> deletes.add(new Delete(Bytes.toBytes(row))));
      user.delete(deletes);
      user.delete(new Delete(Bytes.toBytes("one")).addColumns(F, A));
      servers.awaitEqual("dim_user");
      // The version falls, so the row is written once more.
      user.put(put(Bytes.toBytes("row-30"), 30, "newer", null, null));
      servers.awaitEqual("dim_user");
      user.delete(new Delete(Bytes.toBytes("row-30")).addColumn(F, A));
      servers.awaitEqual("dim_user");
      if (update) {
        Files.writeString(file, new Policy("endpoint", proxy.used()).document());
      }
      assertThat(proxy.refused()).isEmpty();
      assertThat(proxy.used()).isEqualTo(new TreeSet<>(Policy.read(file).permissions()));
      servers.removePeer("rights");
    }
  }

  /** Waits for an attempt that begins after this call: one with new settings logs its failure. */
  private static boolean heldAgain(String peer, String message) throws Exception {
    int before = count(message);
    servers.configure(peer, "dimstore.max-pause", "201 ms");
    await("the next attempt", () -> count(message) > before);
    return true;
  }

  private static int count(String text) throws IOException {
    return servers.hbase().log().split(java.util.regex.Pattern.quote(text), -1).length - 1;
  }

  @Test
  void filesOfBulkLoadsAreKeptUntilTheyAreCarried() throws Exception {
    servers.create("loaded", F, G);
    servers.addPeer("loaded", Map.of(), "loaded");
    try (Admin admin = servers.connection().getAdmin()) {
      admin.disableReplicationPeer("loaded");
      servers.bulkLoad("loaded", 7, names(50), "bulk-");
      Path archived = archive("loaded");
      admin.runCleanerChore();
      assertThat(archived).exists();
      admin.enableReplicationPeer("loaded");
      servers.awaitEqual("loaded");
      assertThat(servers.shownByDynamoDb("loaded")).hasSize(50);
      await(
          "the file is removed",
          () -> {
            admin.runCleanerChore();
            return !Files.exists(archived);
          });
    }
  }

  @Test
  void bulkLoadWhoseFileIsLostStopsThePeerUntilItIsSkipped() throws Exception {
    servers.create("lost", F, G);
    servers.addPeer("lost", Map.of(), "lost");
    try (Admin admin = servers.connection().getAdmin();
        Table lost = servers.table("lost")) {
      admin.disableReplicationPeer("lost");
      servers.bulkLoad("lost", 7, names(50), "bulk-");
      Files.delete(archive("lost"));
      lost.put(put(Bytes.toBytes("next"), 10, "x", null, null));
      admin.enableReplicationPeer("lost");
      await("the message", () -> servers.hbase().log().contains("no longer exists, so its rows"));
      assertThat(servers.shownByDynamoDb("lost")).doesNotContainKey("row-0");
      servers.configure("lost", "dimstore.on-lost-file", "skip");
      await("the next row", () -> servers.shownByDynamoDb("lost").containsKey("next"));
      await(
          "the message of the skipped file",
          () -> servers.hbase().log().contains("no longer exists; its rows were not carried"));
      assertThat(servers.shownByDynamoDb("lost")).containsOnlyKeys("next");
      assertThat(servers.shownByHBase("lost")).hasSize(51);
    }
  }

  @Test
  void changesOutsideTheLogAreReportedAndNotCarried() throws Exception {
    servers.create("unlogged", F, G);
    servers.addPeer("unlogged", Map.of(), "unlogged");
    try (Table unlogged = servers.table("unlogged")) {
      unlogged.put(put(Bytes.toBytes("logged"), 10, "x", null, null));
      servers.awaitEqual("unlogged");
      assertThat(servers.hbase().log()).doesNotContain("changes of table unlogged were made with");
      unlogged.put(
          put(Bytes.toBytes("skipped"), 10, "x", null, null).setDurability(Durability.SKIP_WAL));
      unlogged.put(put(Bytes.toBytes("logged"), 20, "y", null, null));
      await(
          "the message",
          () ->
              servers
                  .hbase()
                  .log()
                  .contains("1 changes of table unlogged were made with SKIP_WAL."));
      await(
          "the logged change",
          () -> Row.of("y", null, null).equals(servers.shownByDynamoDb("unlogged").get("logged")));
      assertThat(servers.shownByHBase("unlogged")).containsOnlyKeys("logged", "skipped");
      assertThat(servers.shownByDynamoDb("unlogged")).containsOnlyKeys("logged");
    }
  }

  /** Nothing but such changes is written to the table, so that no entry of the log shows them. */
  @Test
  void commandsSeeChangesOutsideTheLogUntilTheRecordIsRemoved() throws Exception {
    servers.create("silent", F, G);
    servers.addPeer("silent", Map.of(), "silent");
    try (Table silent = servers.table("silent")) {
      silent.put(put(Bytes.toBytes("logged"), 10, "x", null, null));
      servers.awaitEqual("silent");
      assertThat(servers.coverage("silent").uncovered()).isEmpty();
      for (String row : List.of("one", "two")) {
        silent.put(put(Bytes.toBytes(row), 10, "x", null, null).setDurability(Durability.SKIP_WAL));
      }
      String two =
          "2 changes of table silent with SKIP_WAL are recorded for peer 'silent' in table"
              + " dimstore_dead_letters";
      await("both", () -> servers.coverage("silent").uncovered().equals(List.of(two)));

      removeLetter("silent", "silent", "");
      // An attempt with new settings counts again what was counted before.
      servers.configure("silent", "dimstore.max-pause", "201 ms");
      silent.put(put(Bytes.toBytes("logged"), 20, "y", null, null));
      await(
          "the logged change",
          () -> Row.of("y", null, null).equals(servers.shownByDynamoDb("silent").get("logged")));
      assertThat(servers.coverage("silent").uncovered()).isEmpty();

      silent.put(
          put(Bytes.toBytes("three"), 10, "x", null, null).setDurability(Durability.SKIP_WAL));
      await(
          "the third",
          () -> servers.coverage("silent").uncovered().equals(List.of(two.replace("2 ", "3 "))));
    }
  }

  @Test
  void commandsSeeRowsThatCouldNotBeCarried() throws Exception {
    servers.create("refused", F, G);
    servers.addPeer("refused", Map.of("dimstore.dead-letter-table", "letters"), "refused");
    try (Table refused = servers.table("refused")) {
      for (String row : List.of("large-1", "large-2")) {
        refused.put(put(Bytes.toBytes(row), 10, "x".repeat(500_000), null, null));
      }
      await(
          "both records",
          () ->
              servers
                  .coverage("refused")
                  .uncovered()
                  .equals(
                      List.of(
                          "2 rows of table refused that peer 'refused' could not carry are"
                              + " recorded in table letters")));
    }
  }

  /**
   * Every way in which a client or a coprocessor changes rows, apart from plain puts and deletes.
   */
  @Test
  void conditionalMultiRowAndCoprocessorChangesAreCarried() throws Exception {
    servers.create("ways", family -> family, HeldChangesIT::withCoprocessors, F, G);
    servers.addPeer("ways", Map.of(), "ways");
    byte[] x = Bytes.toBytes("x");
    try (Table ways = servers.table("ways")) {
      for (String row : List.of("c-put", "c-delete", "c-mutations", "c-refused", "m-deleted")) {
        ways.put(put(Bytes.toBytes(row), 10, "x", "b", 1L));
      }
      servers.awaitEqual("ways");
      assertThat(
              ways
                  .checkAndMutate(
                      List.of(
                          CheckAndMutate.newBuilder(Bytes.toBytes("c-put"))
                              .ifEquals(F, A, x)
                              .build(put(Bytes.toBytes("c-put"), 20, "y", null, null)),
                          CheckAndMutate.newBuilder(Bytes.toBytes("c-delete"))
                              .ifEquals(F, A, x)
                              .build(new Delete(Bytes.toBytes("c-delete")).addColumns(F, A)),
                          CheckAndMutate.newBuilder(Bytes.toBytes("c-mutations"))
                              .ifEquals(F, A, x)
                              .build(
                                  RowMutations.of(
                                      List.of(
                                          put(Bytes.toBytes("c-mutations"), 20, "z", null, null),
                                          new Increment(Bytes.toBytes("c-mutations"))
                                              .addColumn(G, N, 41)))),
                          CheckAndMutate.newBuilder(Bytes.toBytes("c-new"))
                              .ifNotExists(F, A)
                              .build(put(Bytes.toBytes("c-new"), 20, "new", null, null)),
                          CheckAndMutate.newBuilder(Bytes.toBytes("c-refused"))
                              .ifMatches(F, A, CompareOperator.NOT_EQUAL, x)
                              .build(put(Bytes.toBytes("c-refused"), 20, "no", null, null))))
                  .stream()
                  .map(done -> done.isSuccess()))
          .containsExactly(true, true, true, true, false);
      ways.batch(
          List.of(
              put(Bytes.toBytes("b-put"), 10, "batch", null, null),
              new Increment(Bytes.toBytes("b-increment")).addColumn(G, N, 3),
              new Append(Bytes.toBytes("b-append")).addColumn(F, B, x)),
          new Object[3]);
      ways.put(
          put(Bytes.toBytes("async"), 10, "x", null, null).setDurability(Durability.ASYNC_WAL));
      ways.increment(new Increment(Bytes.toBytes("limited")).addColumn(G, N, 3).setTTL(3_600_000));
      ways.put(put(Bytes.toBytes("observed"), 10, "seen", null, null));
      multiRow(
          ways,
          put(Bytes.toBytes("m-1"), 10, "one", null, null),
          put(Bytes.toBytes("m-2"), 10, "two", null, null),
          new Delete(Bytes.toBytes("m-deleted")));
      servers.awaitEqual("ways");
    }
    assertThat(servers.shownByDynamoDb("ways"))
        .containsOnlyKeys(
            "c-put",
            "c-delete",
            "c-mutations",
            "c-new",
            "c-refused",
            "b-put",
            "b-increment",
            "b-append",
            "async",
            "limited",
            "observed",
            "added",
            "m-1",
            "m-2")
        .containsEntry("c-put", Row.of("y", "b", 1L))
        .containsEntry("c-delete", Row.of(null, "b", 1L))
        .containsEntry("c-mutations", Row.of("z", "b", 42L))
        .containsEntry("c-refused", Row.of("x", "b", 1L))
        .containsEntry("added", Row.of("seen", null, null));
    assertThat(servers.expiry("ways", "limited"))
        .isBetween(System.currentTimeMillis(), System.currentTimeMillis() + 3_600_001);
  }

  @Test
  void cellWithoutTimestampIsRecorded() throws Exception {
    servers.create("timeless", family -> family, HeldChangesIT::withCoprocessors, F, G);
    servers.addPeer("timeless", Map.of(), "timeless");
    try (Table timeless = servers.table("timeless")) {
      timeless.put(put(Bytes.toBytes("timeless"), 10, "x", null, null));
      await("the row", () -> servers.shownByDynamoDb("timeless").containsKey("timeless"));
      await("the record", () -> letters("timeless", "timeless", "added"));
    }
  }

  private static TableDescriptorBuilder withCoprocessors(TableDescriptorBuilder table) {
    try {
      return table
          .setCoprocessor(AddsAudit.class.getName())
          .setCoprocessor(MultiRowMutationEndpoint.class.getName());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void multiRow(Table table, Put first, Put second, Delete third)
      throws IOException, ServiceException {
    MultiRowMutationService.newBlockingStub(table.coprocessorService(first.getRow()))
        .mutateRows(
            null,
            MutateRowsRequest.newBuilder()
                .addMutationRequest(ProtobufUtil.toMutation(MutationType.PUT, first))
                .addMutationRequest(ProtobufUtil.toMutation(MutationType.PUT, second))
                .addMutationRequest(ProtobufUtil.toMutation(MutationType.DELETE, third))
                .build());
  }

  private static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "row-" + i).sorted().toList();
  }

  /**
   * Compacts a table, and returns its bulk-loaded file, which HBase has moved to the archive. A
   * region server may drop the request for a compaction, so it is made until the file is there.
   */
  private static Path archive(String table) throws Exception {
    TableName name = TableName.valueOf(table);
    Path folder = servers.hbase().folder().resolve("archive/data/default").resolve(table);
    List<Path> found = new ArrayList<>();
    try (Admin admin = servers.connection().getAdmin()) {
      await(
          "the file in the archive",
          () -> {
            found.clear();
            if (Files.exists(folder)) {
              try (Stream<Path> files = Files.walk(folder)) {
                files.filter(Files::isRegularFile).forEach(found::add);
              } catch (UncheckedIOException e) {
                // HBase has changed a folder meanwhile.
                return false;
              }
            }
            if (found.stream().anyMatch(HeldChangesIT::isBulkLoaded)) {
              return true;
            }
            if (admin.getCompactionState(name) == CompactionState.NONE) {
              admin.majorCompact(name);
            }
            return false;
          });
    }
    return found.stream().filter(HeldChangesIT::isBulkLoaded).findFirst().orElseThrow();
  }

  private static boolean isBulkLoaded(Path file) {
    return file.getFileName().toString().contains("_SeqId_");
  }

  private static void removeLetter(String peer, String table, String row) throws IOException {
    try (Table records = servers.table("dimstore_dead_letters")) {
      records.delete(
          new Delete(
              DeadLetterTable.letterKey(peer, TableName.valueOf(table), Bytes.toBytes(row))));
    }
  }

  /** Returns whether a row was recorded as a dead letter. */
  private static boolean letters(String peer, String table, String row) throws IOException {
    TableName letters = TableName.valueOf("dimstore_dead_letters");
    try (Admin admin = servers.connection().getAdmin()) {
      if (!admin.tableExists(letters)) {
        return false;
      }
    }
    try (Table records = servers.connection().getTable(letters)) {
      byte[] key = DeadLetterTable.letterKey(peer, TableName.valueOf(table), Bytes.toBytes(row));
      return !records.get(new Get(key)).isEmpty();
    }
  }
}
