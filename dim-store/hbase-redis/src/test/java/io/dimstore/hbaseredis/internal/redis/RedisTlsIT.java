// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.Failing;
import io.dimstore.hbaseredis.fixture.HBaseRedisHarness;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.fixture.RedisGroup;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.stack.LocalStackExtension;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.util.JedisClusterCRC16;

/** Sentinel groups and clusters whose servers use TLS and have users of their own. */
class RedisTlsIT {

  private static final int KEYS = 60;

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("hbase");

  @TempDir static Path folder;

  private static TlsIdentity byName;
  private static TlsIdentity byAddress;
  private static TlsIdentity client;

  @BeforeAll
  static void start() throws Exception {
    byName = TlsIdentity.of(folder, "EC", "dns:localhost");
    byAddress = TlsIdentity.of(folder, "EC", "ip:127.0.0.1");
    client = TlsIdentity.of(folder, "EC", "dns:client.test");
  }

  @Test
  void aMasterBehindTlsIsFollowedThroughSentinelsBehindTls() throws Exception {
    try (RedisGroup group = RedisGroup.withSentinels(byName)) {
      Map<String, String> options = options(group, byName);
      for (TlsRelay relay : group.relays()) {
        relay.shows(byName, client);
      }
      int master = group.of("master").get(0);
      int replica = group.of("slave").get(0);
      try (Users users = Users.open(harness(options), Map.of("redis.timeout", "500 ms"))) {
        users.created();
        Users.await(users.store().ping());
        users.write(Users.user("a", "NL", 1, 1));
        users.warm("a");
        assertThat(group.relay(master).overTls()).as("connections to the master").isPositive();
        assertThat(overTls(group, group.sentinels())).as("those to Sentinels").isPositive();
        group.kill(master);
        users.write(Users.user("a", "BE", 2, 2));
        HBaseShell.await(
            "the replica in use over TLS",
            () -> {
              assertThat(users.get("a")).isEqualTo(Users.user("a", "BE", 2, 2));
              return users.gauge("breaker.state") == 0 && group.relay(replica).overTls() > 0;
            });
        users.warm("a");
        assertThat(users.get("a")).isEqualTo(Users.user("a", "BE", 2, 2));
        HBaseShell.await("no write intent left", () -> users.repair().examined() == 0);
      }
      HBaseShell.await(
          "no thread or connection left", () -> Users.noThreads() && group.connections() == 0);
    }
  }

  @Test
  void sentinelsAndTheirMasterHaveTlsUsersAndNamesOfTheirOwn() throws Exception {
    try (RedisGroup group = RedisGroup.withSentinels(byName)) {
      Map<String, String> options = options(group, byName);
      int master = group.of("master").get(0);

      options.put("redis.sentinel.tls", "false");
      assertUsable(options);
      assertThat(overTls(group, group.sentinels())).as("Sentinels over TLS").isZero();
      assertThat(group.relay(master).overTls()).as("the master over TLS").isPositive();

      int before = group.relay(master).overTls();
      options.put("redis.sentinel.tls", "true");
      options.put("redis.tls", "false");
      assertUsable(options);
      assertThat(overTls(group, group.sentinels())).as("Sentinels over TLS").isPositive();
      assertThat(group.relay(master).overTls()).as("the master over TLS").isEqualTo(before);
      options.remove("redis.sentinel.tls");
      options.put("redis.tls", "true");

      Map<String, String> stranger = new HashMap<>(options);
      stranger.put("redis.sentinel.password", options.get("redis.password"));
      assertRefused(stranger, "'redis.sentinel.user'", "'redis.sentinel.password'");
      stranger = new HashMap<>(options);
      stranger.put("redis.password", options.get("redis.sentinel.password"));
      assertRefused(stranger, "'redis.user'", "'redis.password'");

      for (int sentinel : group.sentinels()) {
        try (Jedis jedis = RedisGroup.open(sentinel)) {
          jedis.sendCommand(Protocol.Command.SENTINEL, "CONFIG", "SET", "announce-hostnames", "no");
        }
      }
      assertRefused(options, "127.0.0.1", "'redis.tls.verify-host'");
      options.put("redis.tls.verify-host", "false");
      assertUsable(options);
    }
  }

  @Test
  void reportedClusterNodesAreReachedOverTls() throws Exception {
    try (RedisGroup group = RedisGroup.cluster(byAddress)) {
      for (String role : List.of("master", "slave")) {
        group.of(role).forEach(port -> RedisAccessIT.allow(port, "cluster"));
      }
      List<Integer> masters = group.of("master");
      for (int master : masters) {
        group.relay(master).shows(byAddress, client);
      }
      Map<String, String> options = tls(group, byAddress);
      try (Users users = Users.open(harness(options), Map.of()).created()) {
        Users.await(users.store().ping());
        users.write(rows(1).toArray(Put[]::new));
        warm(users);
        for (int master : masters) {
          assertThat(group.relay(master).overTls()).as("master " + master).isPositive();
        }
        move(group, Utf8.encode("dim:" + users.spec().name() + ":moved"));
        users.write(Users.user("moved", "NL", 1, 1));
        users.warm("moved");
        assertThat(users.get("moved")).isEqualTo(Users.user("moved", "NL", 1, 1));
        assertThat(users.count("redis.pending")).isZero();
        assertThat(users.count("breaker.open")).isZero();
      }
      HBaseShell.await(
          "no thread or connection left", () -> Users.noThreads() && group.connections() == 0);

      Map<String, String> stranger = new HashMap<>(options);
      stranger.put("redis.password", "wrong");
      assertRefused(stranger, "'redis.user'", "'redis.password'");

      int slave = group.of("slave").get(0);
      for (TlsRelay relay : group.relays()) {
        relay.shows(byName, client);
      }
      options.put("redis.cluster", "localhost:" + group.relay(slave).port());
      options.put("redis.tls.ca", byName.certificate().toString());
      assertRefused(options, "127.0.0.1", "'redis.tls.verify-host'");
    }
  }

  /** Moves the slot of a key that has not been written to another master. */
  private static void move(RedisGroup group, byte[] name) {
    List<Integer> masters = group.of("master");
    int slot = JedisClusterCRC16.getSlot(name);
    String from = "";
    String owner = "";
    int target = 0;
    for (int master : masters) {
      try (Jedis node = RedisGroup.open(master)) {
        HostAndPort address =
            ClusterSlots.of(
                    (List<?>) node.sendCommand(Protocol.Command.CLUSTER, "SLOTS"),
                    node.getConnection().getHostAndPort())
                .master(name);
        if (group.relay(master).port() == address.getPort()) {
          from = node.clusterMyId();
        } else {
          owner = node.clusterMyId();
          target = master;
        }
      }
    }
    // The importing node must take the slot under a newer config epoch. Otherwise the old owner's
    // claim could persist, and the two would redirect clients to each other permanently.
    try (Jedis node = RedisGroup.open(target)) {
      node.clusterSetSlotImporting(slot, from);
    }
    for (int master : masters) {
      try (Jedis node = RedisGroup.open(master)) {
        node.clusterSetSlotNode(slot, owner);
      }
    }
  }

  private static Map<String, String> options(RedisGroup group, TlsIdentity authority) {
    group.sentinels().forEach(port -> RedisAccessIT.allow(port, "sentinel", "watchw0rd"));
    for (String role : List.of("master", "slave")) {
      group.of(role).forEach(port -> RedisAccessIT.allow(port, "single"));
    }
    Map<String, String> options = tls(group, authority);
    options.put("redis.sentinel.user", "dimstore");
    options.put("redis.sentinel.password", "watchw0rd");
    return options;
  }

  private static Map<String, String> tls(RedisGroup group, TlsIdentity authority) {
    Map<String, String> options = new HashMap<>(group.options());
    options.put("redis.user", "dimstore");
    options.put("redis.password", "s3cret");
    options.put("redis.tls", "true");
    options.put("redis.tls.ca", authority.certificate().toString());
    options.put("redis.tls.keystore", client.store().toString());
    options.put("redis.tls.keystore-password", TlsIdentity.PASSWORD);
    return options;
  }

  private static int overTls(RedisGroup group, List<Integer> servers) {
    return servers.stream().mapToInt(port -> group.relay(port).overTls()).sum();
  }

  private static HBaseRedisHarness harness(Map<String, String> options) {
    return new HBaseRedisHarness(stack.hbase(), options);
  }

  private static void assertUsable(Map<String, String> options) {
    try (Users users = Users.open(harness(options), Map.of())) {
      Users.await(users.store().ping());
    }
  }

  /**
   * The timeouts leave time for the handshakes with all nodes on a busy machine; only the refusal
   * matters.
   */
  private static void assertRefused(Map<String, String> options, String... words) {
    Map<String, String> patient = Map.of("redis.timeout", "20 s", "deadline", "60 s");
    try (Users users = Users.open(harness(options), patient)) {
      Failing.with(users.store().ping(), Kind.DENIED, words);
    }
  }

  private static void warm(Users users) {
    List<Key> keys = IntStream.range(0, KEYS).mapToObj(i -> Key.of("u" + i)).toList();
    HBaseShell.await(
        "entries of all rows",
        () -> {
          long before = users.count("redis.hit");
          assertThat(Users.await(users.table().get(keys, users.spec().all()))).isEqualTo(rows(1));
          return users.count("redis.hit") - before == KEYS;
        });
  }

  private static List<Put> rows(int version) {
    return IntStream.range(0, KEYS).mapToObj(i -> Users.user("u" + i, "NL", i, version)).toList();
  }
}
