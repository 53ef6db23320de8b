// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.EpochTags;
import io.dimstore.hbaseredis.fixture.FaultOperation;
import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.RedisGroup;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.encoding.EntryCodec;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.hbaseredis.internal.options.EntryFormat;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance.CheckPage;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.tck.harness.SteadyLoad;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.JedisClusterCRC16;

/** Three masters with a replica each. */
class RedisClusterIT {

  private static final int KEYS = 600;

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("hbase");

  private static RedisGroup group;
  private static HBaseRedisHarness servers;

  @BeforeAll
  static void start() {
    group = RedisGroup.cluster();
    Map<String, String> options = new HashMap<>(group.options());
    options.put("redis.user", "dimstore");
    options.put("redis.password", "s3cret");
    servers = new HBaseRedisHarness(stack.hbase(), options);
    for (String role : List.of("master", "slave")) {
      group.of(role).forEach(port -> RedisAccessIT.allow(port, "cluster"));
    }
  }

  @AfterAll
  static void stop() {
    group.close();
  }

  @Test
  void batchesAreDividedAmongTheMastersAndChecksSeeThemAll() {
    try (Users users = Users.open(servers, Map.of()).created()) {
      fill(users);
      for (int master : group.of("master")) {
        try (Jedis node = RedisGroup.open(master)) {
          assertThat(entries(node, users)).as("entries of " + master).isGreaterThan(KEYS / 6);
        }
      }
      int before = users.requests("redis");
      assertThat(read(users)).isEqualTo(rows(1));
      assertThat(users.requests("redis") - before)
          .as("one read for each master and batch")
          .isLessThanOrEqualTo(6);
      Put[] newer = rows(2).toArray(Put[]::new);
      users.write(newer);
      long hits = users.count("redis.hit");
      assertThat(read(users)).isEqualTo(rows(2));
      assertThat(users.count("redis.hit") - hits).as("entries were replaced").isEqualTo(KEYS);

      int extra = 0;
      for (int master : group.of("master")) {
        try (Jedis node = RedisGroup.open(master)) {
          byte[] gone = ownKey(users, node, master);
          byte[] entry =
              new EntryCodec(new Layout(users.spec()))
                  .encode(Users.user("x", "NL", 1, 1).row(), 1, Put.NEVER);
          node.set(gone, EpochTags.tagged(node, entry));
          extra++;
        }
      }
      List<CheckPage> pages = users.check(100, true);
      assertThat(pages.stream().mapToInt(CheckPage::inStep).sum()).isEqualTo(KEYS);
      assertThat(pages.stream().mapToInt(page -> page.differences().size()).sum())
          .as("a row too many on each master")
          .isEqualTo(extra);
      assertThat(users.check(100, false)).allMatch(page -> page.differences().isEmpty());
    }
    HBaseShell.await(
        "no thread or connection left", () -> Users.noThreads() && group.connections() == 0);
  }

  @Test
  void openingAndClosingOftenLeavesNothing() {
    RedisGroup.openAndClose(servers, group);
  }

  /**
   * The answer of a key of another type, or with an invalid entry, does not affect the other keys
   * of its batch.
   */
  @ParameterizedTest
  @EnumSource
  void keysOfOtherTypesDoNotFailTheirBatchInAnyFormat(EntryFormat format) {
    TableSpec spec = Users.spec("users_" + Users.unique());
    Map<String, String> options = Map.of("redis.format", format.name());
    spec = new TableSpec(spec.name(), spec.columns(), spec.keyColumns(), options);
    try (Users users = Users.open(servers, Map.of(), spec).created()) {
      fill(users);
      byte[] stranger = Utf8.encode("dim:" + spec.name() + ":u7");
      int master =
          group.of("master").stream()
              .filter(port -> RedisGroup.has(port, stranger))
              .findFirst()
              .orElseThrow();
      try (Jedis node = RedisGroup.open(master)) {
        node.del(stranger);
        node.lpush(stranger, Utf8.encode("x"));
        assertThat(read(users)).isEqualTo(rows(1));
        users.write(rows(2).toArray(Put[]::new));
        assertThat(read(users)).isEqualTo(rows(2));
        warm(users);
        assertThat(node.type(stranger)).isEqualTo(format == EntryFormat.HASH ? "hash" : "string");
      }
      assertThat(users.check(100, false)).allMatch(page -> page.differences().isEmpty());
      assertThat(users.count("redis.pending")).isZero();
      assertThat(users.count("breaker.open")).isZero();
    }
  }

  /** The store follows a slot while it migrates (ASK) and after it has moved (MOVED). */
  @Test
  void aSlotThatMovesIsFollowed() {
    try (Users users = Users.open(servers, Map.of()).created()) {
      users.write(Users.user("a", "NL", 1, 1));
      users.warm("a");
      byte[] name = Utf8.encode("dim:" + users.spec().name() + ":a");
      int slot = JedisClusterCRC16.getSlot(name);
      List<Integer> masters = group.of("master");
      int from =
          masters.stream().filter(port -> RedisGroup.has(port, name)).findFirst().orElseThrow();
      int to = masters.stream().filter(port -> port != from).findFirst().orElseThrow();
      try (Jedis source = RedisGroup.open(from);
          Jedis target = RedisGroup.open(to)) {
        // Another key of the slot, as other tables may have keys in it.
        source.set("{dim:" + users.spec().name() + ":a}", "x");
        target.clusterSetSlotImporting(slot, source.clusterMyId());
        source.clusterSetSlotMigrating(slot, target.clusterMyId());
        for (byte[] moved : source.clusterGetKeysInSlotBinary(slot, KEYS)) {
          source.migrate("127.0.0.1", to, moved, 0, 10_000);
        }
        users.warm("a");
        users.write(Users.user("a", "BE", 2, 2));
        assertThat(users.get("a")).isEqualTo(Users.user("a", "BE", 2, 2));
        String owner = target.clusterMyId();
        for (int master : masters) {
          try (Jedis each = RedisGroup.open(master)) {
            each.clusterSetSlotNode(slot, owner);
          }
        }
      }
      users.warm("a");
      users.write(Users.user("a", "DE", 3, 3));
      assertThat(users.get("a")).isEqualTo(Users.user("a", "DE", 3, 3));
      assertThat(users.count("redis.pending")).isZero();
      assertThat(users.count("breaker.open")).isZero();
    }
  }

  /** Its answer is CLUSTERDOWN for each key of the slot. */
  @Test
  void masterThatLacksASlotIsBypassedAndUsedAgain() {
    Map<String, String> options = Map.of("redis.timeout", "2 s", "repair-interval", "1 h");
    try (Users users = Users.open(servers, options).created()) {
      users.write(Users.user("a", "NL", 1, 1));
      users.warm("a");
      ScanSplit split =
          Users.await(users.table().splits(1, ScanOptions.rows(users.spec().all()))).get(0);
      byte[] name = Utf8.encode("dim:" + users.spec().name() + ":a");
      int slot = JedisClusterCRC16.getSlot(name);
      int master =
          group.of("master").stream()
              .filter(port -> RedisGroup.has(port, name))
              .findFirst()
              .orElseThrow();
      SteadyLoad load;
      try (Jedis node = RedisGroup.open(master)) {
        node.clusterDelSlots(slot);
        try {
          HBaseShell.await("CLUSTERDOWN", () -> isDown(node, name));
          users.write(Users.user("a", "BE", 2, 2));
          assertThat(users.get("a")).isEqualTo(Users.user("a", "BE", 2, 2));
          FaultOperation.assertServedWithoutRedis(users, split);
          load =
              SteadyLoad.start(
                  users.table(),
                  users.spec(),
                  2,
                  (thread, version) -> Users.user("load-" + thread, "NL", 1, version));
          FaultOperation.assertServedWithoutRedis(users, split);
          assertThat(users.count("redis.pending")).as("keys pending for Redis").isPositive();
        } finally {
          node.clusterAddSlots(slot);
        }
        HBaseShell.await("the cluster is complete", () -> !isDown(node, name));
      }
      HBaseShell.await(
          "Redis in use again",
          () -> {
            assertThat(users.get("a")).isEqualTo(Users.user("a", "BE", 2, 2));
            return !load.isFine() || users.gauge("breaker.state") == 0;
          });
      load.end();
      HBaseShell.await(
          "nothing pending for Redis",
          () -> {
            users.repair();
            return users.backlog().keys() == 0;
          });
      users.warm("a");
      assertThat(users.get("a")).isEqualTo(Users.user("a", "BE", 2, 2));
      assertThat(users.check(100, false)).allMatch(page -> page.differences().isEmpty());
    }
  }

  private static boolean isDown(Jedis node, byte[] name) {
    try {
      node.get(name);
      return false;
    } catch (JedisDataException e) {
      return e.getMessage().startsWith("CLUSTERDOWN");
    }
  }

  @Test
  void aMasterThatDiesIsReplacedByItsReplica() {
    try (Users users = Users.open(servers, Map.of("redis.timeout", "500 ms")).created()) {
      fill(users);
      int dead = group.of("master").get(0);
      group.kill(dead);
      users.write(rows(2).toArray(Put[]::new));
      assertThat(read(users)).isEqualTo(rows(2));
      HBaseShell.await("a replica is master", () -> group.of("master").size() == 3);
      HBaseShell.await(
          "Redis in use again",
          () -> {
            assertThat(read(users)).isEqualTo(rows(2));
            return users.gauge("breaker.state") == 0 && users.count("breaker.close") > 0;
          });
      warm(users);
      assertThat(read(users)).isEqualTo(rows(2));
      HBaseShell.await("no write intent left", () -> users.repair().examined() == 0);
    }
    HBaseShell.await(
        "no thread or connection left", () -> Users.noThreads() && group.connections() == 0);
  }

  private static long entries(Jedis node, Users users) {
    return node.keys("dim:" + users.spec().name() + ":*").size();
  }

  /** Returns a key without a row whose slot belongs to this master. */
  private static byte[] ownKey(Users users, Jedis node, int master) {
    return IntStream.range(0, 1_000)
        .mapToObj(i -> Utf8.encode("dim:" + users.spec().name() + ":none" + i))
        .filter(name -> owner(node, name) == master)
        .findFirst()
        .orElseThrow();
  }

  private static long owner(Jedis node, byte[] name) {
    return ClusterSlots.of(
            (List<?>) node.sendCommand(Protocol.Command.CLUSTER, "SLOTS"),
            node.getConnection().getHostAndPort())
        .master(name)
        .getPort();
  }

  private static void fill(Users users) {
    users.write(rows(1).toArray(Put[]::new));
    warm(users);
  }

  private static void warm(Users users) {
    HBaseShell.await(
        "entries of all rows",
        () -> {
          long before = users.count("redis.hit");
          read(users);
          return users.count("redis.hit") - before == KEYS;
        });
  }

  private static List<Put> rows(int version) {
    return IntStream.range(0, KEYS).mapToObj(i -> Users.user("u" + i, "NL", i, version)).toList();
  }

  private static List<Put> read(Users users) {
    List<Key> keys = new ArrayList<>();
    IntStream.range(0, KEYS).forEach(i -> keys.add(Key.of("u" + i)));
    return Users.await(users.table().get(keys, users.spec().all()));
  }
}
