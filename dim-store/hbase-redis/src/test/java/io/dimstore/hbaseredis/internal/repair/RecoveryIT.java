// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.hbaseredis.internal.hbase.WriteIntents;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.relay.Relay;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Admin;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.ResultScanner;
import org.apache.hadoop.hbase.client.Scan;
import org.apache.hadoop.hbase.client.Table;
import org.apache.hadoop.hbase.util.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When Redis comes back, pending writes are reconciled, and the recovery ends. */
class RecoveryIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  private HBaseRedisHarness servers;
  private HBaseShell shell;
  private Relay relay;

  @BeforeEach
  void open() {
    servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    shell = new HBaseShell(stack.hbase());
    relay = Relay.to(stack.redis().port());
  }

  @AfterEach
  void close() {
    relay.close();
    shell.close();
  }

  private Map<String, String> options() {
    return Map.of(
        "redis.port", Integer.toString(relay.port()),
        "redis.timeout", "300 ms",
        "deadline", "8 s",
        "repair-interval", "1 s");
  }

  private static void takeRedisAway(Relay relay, Users users) {
    relay.refuse();
    relay.cut();
    HBaseShell.await(
        "Redis out of use",
        () -> {
          users.get("a");
          return users.gauge("breaker.state") == 2;
        });
  }

  private static void awaitUse(Users users) {
    HBaseShell.await(
        "Redis in use",
        () -> {
          users.get("a");
          return users.gauge("breaker.state") == 0;
        });
  }

  private static long intents(HBaseShell shell, String table) throws Exception {
    try (Table intents = shell.table("dimstore_intents");
        ResultScanner found =
            intents.getScanner(
                new Scan()
                    .withStartRow(Bytes.add(Utf8.encode(table), new byte[] {0}))
                    .withStopRow(Bytes.add(Utf8.encode(table), new byte[] {1})))) {
      long count = 0;
      for (Result intent : found) {
        count += intent.isEmpty() ? 0 : 1;
      }
      return count;
    }
  }

  @Test
  void recoveryEndsWhileAnotherProcessWritesSteadily() {
    AtomicBoolean running = new AtomicBoolean(true);
    LongAdder written = new LongAdder();
    try (Users writer = Users.open(servers, Map.of("redis.timeout", "20 s")).created();
        Users reader = Users.open(servers, options(), writer.spec())) {
      writer.write(Users.user("a", "NL", 1, 1));
      reader.warm("a");
      AtomicLong version = new AtomicLong(System.currentTimeMillis());
      for (int i = 0; i < 200; i++) {
        write(writer, "w" + i, version, running, written);
      }
      takeRedisAway(relay, reader);
      relay.accept();
      long before = written.sum();
      awaitUse(reader);
      reader.warm("a");
      HBaseShell.await("writes all the while", () -> written.sum() > before + 200);
      running.set(false);
      HBaseShell.await("nothing pending", () -> writer.backlog().keys() == 0);
    } finally {
      running.set(false);
    }
  }

  private static void write(
      Users writer, String id, AtomicLong version, AtomicBoolean running, LongAdder written) {
    if (!running.get()) {
      return;
    }
    writer
        .table()
        .write(List.of(new Put(Key.of(id), Row.of("NL", 1), version.incrementAndGet())))
        .whenComplete(
            (done, failure) -> {
              written.add(failure == null ? 1 : 0);
              CompletableFuture.runAsync(() -> write(writer, id, version, running, written));
            });
  }

  @Test
  void intentsOfDroppedTableAreRemovedAndDelayNoOtherTable() throws Exception {
    try (Users good = Users.open(servers, options()).created()) {
      TableSpec gone = Users.spec("gone_" + Users.unique());
      Users.await(good.store().createIfAbsent(gone));
      DimensionTable other = good.store().table(gone);
      good.write(Users.user("a", "NL", 1, 1));
      good.warm("a");
      Users.await(other.write(List.of(Users.user("x", "NL", 1, 1))));
      takeRedisAway(relay, good);
      Users.await(other.write(List.of(Users.user("x", "BE", 2, 2))));
      good.write(Users.user("a", "BE", 2, 2));
      HBaseShell.await("its write intent", () -> shell.hasEndedIntent(gone.name()));
      shell.drop(gone.name());
      relay.accept();
      awaitUse(good);
      good.warm("a");
      assertThat(good.get("a")).isEqualTo(Users.user("a", "BE", 2, 2));
      assertThat(intents(shell, gone.name())).as("kept at first").isEqualTo(1);
      HBaseShell.await(
          "none of its intents left",
          () -> {
            good.get("a");
            return intents(shell, gone.name()) == 0;
          });
      // The removal is counted when HBase has acknowledged it.
      HBaseShell.await("the count", () -> good.count("intents.dropped") == 1);
    }
  }

  @Test
  void unreachableTableRecoversLaterAndDelaysNoOtherTable() throws Exception {
    try (Users good = Users.open(servers, options()).created()) {
      TableSpec away = Users.spec("away_" + Users.unique());
      Users.await(good.store().createIfAbsent(away));
      DimensionTable other = good.store().table(away);
      good.write(Users.user("a", "NL", 1, 1));
      good.warm("a");
      Users.await(other.write(List.of(Users.user("x", "NL", 1, 1))));
      for (int i = 0; i < 3; i++) {
        Users.await(other.get(List.of(Key.of("x")), away.all()));
      }
      takeRedisAway(relay, good);
      Users.await(other.write(List.of(Users.user("x", "BE", 2, 2))));
      try (Admin admin = shell.admin()) {
        admin.disableTable(TableName.valueOf(away.name()));
        relay.accept();
        awaitUse(good);
        good.warm("a");
        admin.enableTable(TableName.valueOf(away.name()));
      }
      long hits = good.count("redis.hit");
      HBaseShell.await(
          "its own entries are used",
          () -> {
            assertThat(Users.await(other.get(List.of(Key.of("x")), away.all())))
                .containsExactly(Users.user("x", "BE", 2, 2));
            return good.count("redis.hit") > hits;
          });
      assertThat(good.count("intents.dropped")).isZero();
    }
  }

  /**
   * Such an intent does not say for which keys Redis is behind, so the table waits until no entry
   * can be that old.
   */
  @Test
  void unreadableIntentAffectsOnlyItsTableUntilMaxAge() throws Exception {
    TableSpec spec = Users.spec("odd_" + Users.unique());
    try (Users good = Users.open(servers, options()).created();
        Users odd =
            Users.open(
                    servers,
                    Map.of(
                        "redis.port", Integer.toString(relay.port()),
                        "redis.timeout", "300 ms",
                        "max-age", "6 s",
                        "repair-interval", "1 h"),
                    spec)
                .created()) {
      for (Users each : List.of(good, odd)) {
        each.write(Users.user("a", "NL", 1, 1));
        each.warm("a");
      }
      takeRedisAway(relay, good);
      takeRedisAway(relay, odd);
      byte[] row =
          Bytes.add(
              Bytes.add(Utf8.encode(spec.name()), new byte[] {0}),
              Bytes.toBytes(System.currentTimeMillis()),
              Bytes.toBytes(7L));
      try (Table intents = shell.table("dimstore_intents")) {
        intents.put(
            new org.apache.hadoop.hbase.client.Put(row)
                .addColumn(WriteIntents.FAMILY, new byte[] {'k'}, new byte[] {99})
                .addColumn(WriteIntents.FAMILY, new byte[] {'e'}, new byte[0])
                .addColumn(WriteIntents.FAMILY, new byte[] {'g'}, Bytes.toBytes(1L)));
      }
      relay.accept();
      awaitUse(good);
      good.warm("a");
      long hits = odd.count("redis.hit");
      HBaseShell.await(
          "it was read",
          () -> {
            odd.get("a");
            return odd.count("intents.unreadable") > 0;
          });
      assertThat(odd.count("redis.hit")).isEqualTo(hits);
      odd.warm("a");
      assertThat(intents(shell, spec.name())).isZero();
      assertThat(odd.count("intents.dropped")).isEqualTo(1);
    }
  }
}
