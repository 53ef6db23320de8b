// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.hbaseredis.internal.hbase.WriteIntents;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.stack.LocalStackExtension;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.hadoop.hbase.KeepDeletedCells;
import org.apache.hadoop.hbase.MemoryCompactionPolicy;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptorBuilder;
import org.apache.hadoop.hbase.client.Durability;
import org.apache.hadoop.hbase.client.TableDescriptor;
import org.apache.hadoop.hbase.client.TableDescriptorBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Settings of an HBase table under which acknowledged writes are lost, and those that are safe. */
class TableSettingsIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  private final String name = "settings_" + Users.unique();
  private HBaseRedisHarness servers;
  private HBaseShell shell;
  private Admin admin;

  @BeforeEach
  void open() throws IOException {
    servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    shell = new HBaseShell(stack.hbase());
    admin = shell.admin();
  }

  @AfterEach
  void close() throws IOException {
    admin.close();
    shell.close();
  }

  private TableDescriptor table(
      Consumer<ColumnFamilyDescriptorBuilder> data, Durability durability) {
    ColumnFamilyDescriptorBuilder family =
        ColumnFamilyDescriptorBuilder.newBuilder(Utf8.encode("f"));
    data.accept(family);
    return TableDescriptorBuilder.newBuilder(TableName.valueOf(name))
        .setColumnFamily(family.build())
        .setColumnFamily(ColumnFamilyDescriptorBuilder.of("s"))
        .setDurability(durability)
        .build();
  }

  private static void assertRefused(CompletionStage<?> call, String... words) {
    try {
      call.toCompletableFuture().join();
    } catch (RuntimeException e) {
      StoreException known = StoreException.find(e);
      assertThat(known).isNotNull();
      assertThat(known.kind()).isEqualTo(Kind.INVALID);
      assertThat(known).hasMessageContainingAll(words);
      return;
    }
    throw new AssertionError("not refused");
  }

  @Test
  void timeToLiveOfDataFamilyIsRefusedWithTheCommandThatRemovesIt() throws IOException {
    admin.createTable(table(family -> family.setTimeToLive(4), Durability.USE_DEFAULT));
    String command = "alter '" + name + "', {NAME => 'f', TTL => 'FOREVER'}";
    try (Users withIntentsTable = Users.open(servers, Map.of()).created();
        Users users = Users.open(servers, Map.of(), Users.spec(name))) {
      assertRefused(users.store().validate(users.spec()), "4 s", command);
      assertRefused(users.store().createIfAbsent(users.spec()), "4 s", command);
      admin.modifyTable(table(family -> {}, Durability.USE_DEFAULT));
      Users.await(users.store().validate(users.spec()));
      users.created();
    }
  }

  @Test
  void durabilityThatLosesAcknowledgedWritesIsRefused() throws IOException {
    try (Users withIntentsTable = Users.open(servers, Map.of()).created();
        Users users = Users.open(servers, Map.of(), Users.spec(name))) {
      admin.createTable(table(family -> {}, Durability.SKIP_WAL));
      String command = "alter '" + name + "', DURABILITY => 'SYNC_WAL'";
      assertRefused(users.store().validate(users.spec()), "SKIP_WAL", command);
      admin.modifyTable(table(family -> {}, Durability.ASYNC_WAL));
      assertRefused(users.store().validate(users.spec()), "ASYNC_WAL", command);
      admin.modifyTable(table(family -> {}, Durability.FSYNC_WAL));
      Users.await(users.store().validate(users.spec()));
    }
  }

  /** If HBase drops a write intent, its rows are never reconciled in Redis. */
  @Test
  void timeToLiveOfWriteIntentsIsRefused() throws IOException {
    admin.createTable(table(family -> {}, Durability.USE_DEFAULT));
    String intentsTable = "intents_" + Users.unique();
    admin.createTable(
        TableDescriptorBuilder.newBuilder(TableName.valueOf(intentsTable))
            .setColumnFamily(
                ColumnFamilyDescriptorBuilder.newBuilder(WriteIntents.FAMILY)
                    .setTimeToLive(60)
                    .build())
            .build());
    try (Users users =
        Users.open(servers, Map.of("intents-table", intentsTable), Users.spec(name))) {
      String command = "alter '" + intentsTable + "', {NAME => 'i', TTL => 'FOREVER'}";
      assertRefused(users.store().validate(users.spec()), command);
    }
  }

  @Test
  void timeToLiveSetUnderRunningJobStopsItsWritesUntilItIsRemoved() throws IOException {
    admin.createTable(table(family -> {}, Durability.USE_DEFAULT));
    try (Users users =
        Users.open(servers, Map.of("repair-interval", "10 ms"), Users.spec(name)).created()) {
      users.write(Users.user("a", "NL", 1, 1));
      admin.modifyTable(table(family -> family.setTimeToLive(4), Durability.USE_DEFAULT));
      HBaseShell.await("a refusal", () -> !isWritten(users));
      assertRefused(users.table().write(List.of(Users.user("a", "BE", 2, 2))), "TTL => 'FOREVER'");
      String gauge = "hbase.unsafe-settings." + name;
      assertThat(users.gauge(gauge)).isEqualTo(1);
      admin.modifyTable(table(family -> {}, Durability.USE_DEFAULT));
      HBaseShell.await("writes again", () -> isWritten(users));
      assertThat(users.gauge(gauge)).isZero();
    }
  }

  private static boolean isWritten(Users users) {
    try {
      users.table().write(List.of(Users.user("a", "NL", 1, 1))).toCompletableFuture().join();
      return true;
    } catch (RuntimeException e) {
      assertThat(StoreException.find(e)).extracting(StoreException::kind).isEqualTo(Kind.INVALID);
      return false;
    }
  }

  /** Settings of a family that are accepted, because the newest version wins under them too. */
  enum Safe {
    KEEPS_DELETED_CELLS(
        family -> family.setKeepDeletedCells(KeepDeletedCells.TRUE).setMaxVersions(5)),
    NEW_VERSION_BEHAVIOR(family -> family.setNewVersionBehavior(true)),
    EAGER_IN_MEMORY_COMPACTION(
        family -> family.setInMemoryCompaction(MemoryCompactionPolicy.EAGER)),
    TIME_TO_LIVE_WITH_MIN_VERSIONS(
        family -> family.setTimeToLive(1).setMinVersions(1).setMaxVersions(3));

    private final Consumer<ColumnFamilyDescriptorBuilder> setting;

    Safe(Consumer<ColumnFamilyDescriptorBuilder> setting) {
      this.setting = setting;
    }
  }

  /**
   * Runs every sequence of three puts and deletes at three versions, one row for each, with
   * compactions in between.
   */
  @ParameterizedTest
  @EnumSource
  void newestVersionWinsUnderSafeSettings(Safe safe) throws IOException {
    TableDescriptorBuilder both = TableDescriptorBuilder.newBuilder(TableName.valueOf(name));
    for (String family : List.of("f", "s")) {
      ColumnFamilyDescriptorBuilder builder =
          ColumnFamilyDescriptorBuilder.newBuilder(Utf8.encode(family));
      safe.setting.accept(builder);
      both.setColumnFamily(builder.build());
    }
    admin.createTable(both.build());
    try (Users withIntentsTable = Users.open(servers, Map.of()).created();
        Users users = Users.open(servers, Map.of("redis.port", "1"), Users.spec(name))) {
      Users.await(users.store().validate(users.spec()));
      List<Change> newest = new ArrayList<>();
      List<Key> keys = new ArrayList<>();
      for (int step = 0, divisor = 1; step < 3; step++, divisor *= 6) {
        List<Change> batch = new ArrayList<>();
        for (int row = 0; row < 216; row++) {
          int operation = row / divisor % 6;
          long version = 1 + operation / 2;
          String id = "k" + row;
          Change change =
              operation % 2 == 0
                  ? Users.user(id, "c" + step, step, version)
                  : new Delete(Key.of(id), version);
          batch.add(change);
          if (step == 0) {
            newest.add(change);
            keys.add(change.key());
          } else if (version >= newest.get(row).version()) {
            newest.set(row, change);
          }
        }
        users.write(batch.toArray(Change[]::new));
        if (step > 0) {
          shell.compact(name);
        }
      }
      List<Put> expected = new ArrayList<>();
      newest.forEach(change -> expected.add(change instanceof Put put ? put : null));
      assertThat(Users.await(users.table().get(keys, users.spec().all()))).isEqualTo(expected);
    }
  }
}
