// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.EpochTags;
import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.Retries;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.EntryCodec;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.hbaseredis.internal.hbase.HBaseClient;
import io.dimstore.hbaseredis.internal.hbase.WriteIntent;
import io.dimstore.hbaseredis.internal.hbase.WriteIntents;
import io.dimstore.hbaseredis.internal.options.HBaseRedisOptions;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance.CheckPage;
import io.dimstore.spi.Maintenance.Difference;
import io.dimstore.spi.Maintenance.Difference.Kind;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.stack.LocalStackExtension;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.util.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** Checks find real differences, made directly on both servers, and report no apparent ones. */
class CheckIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  private HBaseRedisHarness servers;
  private Users users;
  private Jedis plain;
  private EntryCodec entries;

  @BeforeEach
  void open() {
    servers = new HBaseRedisHarness(stack.hbase(), stack.redis());
    users = Users.open(servers, Map.of()).created();
    plain = new Jedis(stack.redis().host(), stack.redis().port());
    entries = new EntryCodec(new Layout(users.spec()));
  }

  @AfterEach
  void close() {
    plain.close();
    users.close();
  }

  @Test
  void everyKindOfDifferenceIsFoundClassifiedAndHealed() throws Exception {
    makeDifferences();
    Map<Key, Kind> expected =
        Map.of(
            Key.of("missing"), Kind.MISSING,
            Key.of("extra"), Kind.EXTRA,
            Key.of("ahead"), Kind.EXTRA,
            Key.of("deleted"), Kind.EXTRA,
            Key.of("purged"), Kind.EXTRA,
            Key.of("stale"), Kind.STALE,
            Key.of("value"), Kind.VALUE,
            Key.of("expiry"), Kind.EXPIRY,
            Key.of("garbage"), Kind.UNREADABLE,
            Key.of("corrupt"), Kind.UNREADABLE);

    Sum seen = new Sum(users.check(1_000, false));
    assertThat(seen.kinds()).isEqualTo(expected);
    assertThat(seen.healed()).isZero();
    assertThat(List.of(seen.examined(), seen.inStep(), seen.notCopied(), seen.changed()))
        .containsExactly(14, 2, 2, 0);
    assertThat(entryOf("stale")).as("looked at alone").isEqualTo(entry("NL", 1));
    assertThat(users.count("check.extra")).isEqualTo(4);

    Sum healed = new Sum(users.check(1_000, true));
    assertThat(healed.kinds()).isEqualTo(expected);
    assertThat(healed.healed()).as("HBase is never changed").isEqualTo(9);
    assertThat(users.count("check.healed")).isEqualTo(9);
    assertThat(users.get("missing")).isEqualTo(Users.user("missing", "NL", 1, 1));
    assertThat(users.get("extra")).isNull();
    assertThat(users.get("deleted")).isNull();
    assertThat(users.get("purged")).isNull();
    assertThat(users.get("stale")).isEqualTo(Users.user("stale", "NL", 1, 2));
    assertThat(users.get("value")).isEqualTo(Users.user("value", "NL", 1, 1));

    Sum after = new Sum(users.check(1_000, false));
    assertThat(after.kinds()).containsExactly(Map.entry(Key.of("corrupt"), Kind.UNREADABLE));
  }

  private void makeDifferences() throws Exception {
    for (String id :
        List.of(
            "ok", "cold", "leased", "missing", "ahead", "deleted", "purged", "stale", "value")) {
      users.write(Users.user(id, "NL", 1, 1));
    }
    users.write(Users.user("expiry", "NL", 1, 1), Users.user("garbage", "NL", 1, 1));
    users.write(Users.user("corrupt", "NL", 1, 1), Users.user("stale", "NL", 1, 2));
    users.write(new Delete(Key.of("deleted"), 2));
    users.warm("ok");
    users.warm("never");
    users.warm("purged");
    put("leased", EntryCodec.lease(1, 1));
    put("missing", EntryCodec.negative());
    put("extra", entry("NL", 1));
    put("ahead", entry("NL", 2));
    put("deleted", entry("NL", 1));
    put("stale", entry("NL", 1));
    put("value", entry("BE", 1));
    put("expiry", entries.encode(Row.of("NL", 1), 1, 4_102_444_800_000L));
    put("garbage", new byte[] {1, 'P', 0, 0});
    try (HBaseShell shell = new HBaseShell(stack.hbase());
        var table = shell.table(users.spec().name())) {
      table.delete(new org.apache.hadoop.hbase.client.Delete(Bytes.toBytes("purged")));
      table.put(
          new org.apache.hadoop.hbase.client.Put(Bytes.toBytes("corrupt"))
              .addColumn(Bytes.toBytes("f"), Bytes.toBytes("level"), 2, new byte[] {1, 2}));
    }
  }

  @Test
  void countsAddUpOverPagesOfRowsAndOfEntriesWithoutARow() {
    List<Put> rows = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      rows.add(Users.user("row" + i, "NL", i, 1));
      put("extra" + i, entry("NL", 1));
      plain.set("dim:" + users.spec().name() + "x:row" + i, "of another table");
    }
    users.write(rows.toArray(Put[]::new));
    List<CheckPage> pages = users.check(7, true);
    assertThat(pages).hasSizeGreaterThan(20);
    Sum sum = new Sum(pages);
    assertThat(sum.examined()).isEqualTo(200);
    assertThat(sum.notCopied()).isEqualTo(100);
    assertThat(sum.kinds()).hasSize(100).containsValue(Kind.EXTRA);
    assertThat(sum.healed()).isEqualTo(100);
    assertThat(new Sum(users.check(7, false)).examined()).isEqualTo(100);
  }

  @Test
  void prefixIsMatchedLiterally() {
    try (Users odd = Users.open(servers, Map.of("redis.prefix", "d?m[i]"), users.spec())) {
      put("extra", entry("NL", 1));
      assertThat(new Sum(odd.check(100, false)).examined()).isZero();
      plain.set(
          Utf8.encode("d?m[i]:" + users.spec().name() + ":x"),
          EpochTags.tagged(plain, entry("NL", 1)));
      assertThat(new Sum(odd.check(100, false)).kinds()).containsOnlyKeys(Key.of("x"));
    }
  }

  @Test
  void writeInFlightExplainsDifferenceUntilItEnds() {
    users.write(Users.user("a", "NL", 1, 2));
    put("a", entry("NL", 1));
    HBaseClient client = new HBaseClient(config());
    try {
      WriteIntents intents =
          new WriteIntents(
              client,
              new Meter(StoreMetrics.NONE),
              Retries.TIMER,
              TableName.valueOf("dimstore_intents"),
              Duration.ofMinutes(1));
      WriteIntent intent =
          Users.await(intents.create(users.spec().name(), List.of(Utf8.encode("a"))));
      Sum during = new Sum(users.check(100, true));
      assertThat(during.kinds()).isEmpty();
      assertThat(during.changed()).isEqualTo(1);
      assertThat(entryOf("a")).isEqualTo(entry("NL", 1));
      Users.await(intents.recordEnd(intent));
      assertThat(new Sum(users.check(100, false)).kinds())
          .containsExactly(Map.entry(Key.of("a"), Kind.STALE));
      Users.await(intents.remove(intent));
    } finally {
      client.close();
    }
  }

  @Test
  void pendingWritesAreInBacklogUntilRepaired() throws Exception {
    users.write(Users.user("a", "NL", 1, 1), Users.user("b", "NL", 1, 1));
    users.warm("a");
    HBaseShell.await("no write in flight", () -> users.backlog().keys() == 0);
    assertThat(users.backlog().oldestAge()).isEqualTo(Duration.ZERO);
    try (Users writer =
        Users.open(servers, Map.of("redis.port", Integer.toString(freePort())), users.spec())) {
      assertThat(writer.gauge("breaker.state")).isZero();
      writer.write(Users.user("a", "BE", 2, 2), Users.user("b", "BE", 2, 2));
      assertThat(writer.gauge("breaker.state")).isEqualTo(2);
    }
    HBaseShell.await(
        "time goes by", () -> users.backlog().oldestAge().compareTo(Duration.ZERO) > 0);
    assertThat(users.backlog().keys()).isEqualTo(2);
    assertThat(users.backlog().more()).isFalse();
    assertThat(users.gauge("backlog.keys." + users.spec().name())).isEqualTo(2);
    assertThat(users.gauge("backlog.oldest.ms." + users.spec().name())).isPositive();
    HBaseShell.await(
        "the writer's intent is marked as ended",
        () -> new Sum(users.check(100, false)).kinds().equals(Map.of(Key.of("a"), Kind.STALE)));
    assertThat(users.repair().healed()).isEqualTo(1);
    assertThat(users.backlog().keys()).isZero();
    assertThat(users.gauge("backlog.keys." + users.spec().name())).isZero();
    assertThat(new Sum(users.check(100, false)).kinds()).isEmpty();
  }

  @Test
  void checkBesideWritersAndReadersReportsNoDifference() {
    ExecutorService threads = Executors.newCachedThreadPool();
    AtomicBoolean checking = new AtomicBoolean(true);
    List<CompletableFuture<Void>> others = new ArrayList<>();
    try (Users two = Users.open(servers, Map.of(), users.spec())) {
      for (int w = 0; w < 3; w++) {
        Random random = new Random(w);
        Users writer = w % 2 == 0 ? users : two;
        Users reader = w % 2 == 0 ? two : users;
        others.add(CompletableFuture.runAsync(() -> write(writer, random, checking), threads));
        others.add(CompletableFuture.runAsync(() -> read(reader, random, checking), threads));
      }
      int compared = 0;
      for (int round = 0; round < 60; round++) {
        Sum sum = new Sum(users.check(100, round % 2 == 0));
        assertThat(sum.kinds()).as("round %s", round).isEmpty();
        compared += sum.inStep();
      }
      assertThat(compared).as("entries that were compared").isGreaterThan(100);
      checking.set(false);
      Users.await(CompletableFuture.allOf(others.toArray(CompletableFuture[]::new)));
      HBaseShell.await("the last write intents are removed", () -> users.backlog().keys() == 0);
      Sum end = new Sum(users.check(100, false));
      assertThat(end.kinds()).isEmpty();
      assertThat(end.changed()).isZero();
    } finally {
      checking.set(false);
      threads.shutdownNow();
    }
  }

  private static void write(Users users, Random random, AtomicBoolean going) {
    for (long version = 1; going.get(); version++) {
      Key key = Key.of("k" + random.nextInt(20));
      users.write(
          random.nextInt(5) == 0
              ? new Delete(key, version)
              : new Put(key, Row.of("c" + random.nextInt(), 1), version));
    }
  }

  private static void read(Users users, Random random, AtomicBoolean going) {
    while (going.get()) {
      users.get("k" + random.nextInt(24));
    }
  }

  /** The pages of a whole check. */
  private record Sum(List<CheckPage> pages) {

    Sum {
      for (CheckPage page : pages) {
        assertThat(page.inStep() + page.notCopied() + page.changed() + page.differences().size())
            .as("counts of %s", page)
            .isEqualTo(page.examined());
      }
    }

    int examined() {
      return pages.stream().mapToInt(CheckPage::examined).sum();
    }

    int inStep() {
      return pages.stream().mapToInt(CheckPage::inStep).sum();
    }

    int notCopied() {
      return pages.stream().mapToInt(CheckPage::notCopied).sum();
    }

    int changed() {
      return pages.stream().mapToInt(CheckPage::changed).sum();
    }

    long healed() {
      return differences().stream().filter(Difference::healed).count();
    }

    Map<Key, Kind> kinds() {
      Map<Key, Kind> kinds = new HashMap<>();
      differences().forEach(one -> kinds.put(one.key(), one.kind()));
      return kinds;
    }

    private List<Difference> differences() {
      return pages.stream().flatMap(page -> page.differences().stream()).toList();
    }
  }

  private StoreConfig config() {
    return StoreConfig.parse(
        "store", HBaseRedisOptions.all(), StoreOption.Scope.STORE, servers.options());
  }

  private byte[] name(String id) {
    return Utf8.encode("dim:" + users.spec().name() + ":" + id);
  }

  private void put(String id, byte[] entry) {
    plain.set(name(id), EpochTags.tagged(plain, entry));
  }

  private byte[] entryOf(String id) {
    byte[] tagged = plain.get(name(id));
    return Arrays.copyOf(tagged, tagged.length - 8);
  }

  private byte[] entry(String country, long version) {
    return entries.encode(Row.of(country, 1), version, Put.NEVER);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
