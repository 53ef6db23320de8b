// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis;

import io.dimstore.hbaseredis.internal.redis.TlsIdentity;
import io.dimstore.hbaseredis.internal.redis.TlsRelay;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.process.GroupProcess;
import io.dimstore.stack.process.ServerGroup;
import io.dimstore.stack.relay.Relay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/** Several Redis servers on loopback that form a Sentinel group or a cluster. */
public final class RedisGroup implements AutoCloseable {

  static final String MASTER = "dim";
  private static final String HOST = "127.0.0.1";

  /** The distance from a cluster node's port to its bus port. */
  private static final int CLUSTER_BUS = 10_000;

  private final ServerGroup group = ServerGroup.create();
  private final Map<Integer, GroupProcess> servers = new HashMap<>();
  private final List<Integer> sentinels = new ArrayList<>();
  private final Map<Integer, TlsRelay> relays = new HashMap<>();
  private final Map<Integer, Relay> plainRelays = new HashMap<>();
  private boolean relayed;
  private final @Nullable TlsIdentity identity;
  private final String host;

  private RedisGroup(@Nullable TlsIdentity identity, String host) {
    this.identity = identity;
    this.host = host;
  }

  /** A master, a replica of it, and three Sentinels that fail over after a second. */
  static RedisGroup withSentinels() {
    return withSentinels(new RedisGroup(null, HOST));
  }

  /** The same; clients reach each server by the name localhost, in plain or over TLS. */
  public static RedisGroup withSentinels(TlsIdentity identity) {
    return withSentinels(new RedisGroup(identity, "localhost"));
  }

  private static RedisGroup withSentinels(RedisGroup group) {
    try {
      int master = group.server();
      int replica =
          group.server("--replicaof", group.host, Integer.toString(group.announced(master)));
      HBaseShell.await(
          "the replica is connected and synchronized", () -> group.isSynchronized(replica));
      for (int i = 0; i < 3; i++) {
        group.sentinel(master);
      }
      HBaseShell.await("the Sentinels know each other", group::isWatched);
      return group;
    } catch (RuntimeException | AssertionError e) {
      group.close();
      throw e;
    }
  }

  /** Three masters with a replica each. */
  public static RedisGroup cluster() {
    return cluster(new RedisGroup(null, HOST));
  }

  /** The same; clients reach each node by its address, in plain or over TLS. */
  public static RedisGroup cluster(TlsIdentity identity) {
    return cluster(new RedisGroup(identity, HOST));
  }

  /** The same; clients reach each node through a relay. */
  static RedisGroup relayedCluster() {
    RedisGroup group = new RedisGroup(null, HOST);
    group.relayed = true;
    return cluster(group);
  }

  /** As {@link #withSentinels()}; clients reach the servers through relays. */
  static RedisGroup relayedWithSentinels() {
    RedisGroup group = new RedisGroup(null, HOST);
    group.relayed = true;
    return withSentinels(group);
  }

  /** Returns the relay before a server of a relayed group. */
  Relay plainRelay(int port) {
    return Objects.requireNonNull(plainRelays.get(port));
  }

  private static RedisGroup cluster(RedisGroup group) {
    try {
      List<Integer> nodes = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        nodes.add(group.node());
      }
      group.join(nodes);
      return group;
    } catch (RuntimeException | AssertionError e) {
      group.close();
      throw e;
    }
  }

  private int server(String... words) {
    return server(group.freePortWith(CLUSTER_BUS), List.of(words));
  }

  private int node() {
    int port = group.freePortWith(CLUSTER_BUS);
    List<String> words = new ArrayList<>(List.of("--cluster-enabled", "yes"));
    words.addAll(List.of("--cluster-node-timeout", "1500"));
    if (identity != null || relayed) {
      words.addAll(List.of("--cluster-announce-ip", host));
      words.addAll(List.of("--cluster-announce-port", Integer.toString(announced(port))));
      words.addAll(List.of("--cluster-announce-bus-port", Integer.toString(port + CLUSTER_BUS)));
    }
    return server(port, words);
  }

  private int server(int port, List<String> words) {
    List<String> all = new ArrayList<>(List.of("--bind", HOST, "--port", Integer.toString(port)));
    all.addAll(List.of("--save", "", "--repl-diskless-sync", "yes"));
    all.addAll(List.of("--repl-diskless-sync-delay", "0"));
    if (identity != null || relayed) {
      all.addAll(List.of("--replica-announce-ip", host));
      all.addAll(List.of("--replica-announce-port", Integer.toString(announced(port))));
    }
    all.addAll(words);
    servers.put(port, group.binary("redis", "redis-" + port, all));
    HBaseShell.await("Redis answers", () -> answers(port));
    return port;
  }

  private void sentinel(int master) {
    int port = group.freePort();
    String names = identity == null ? "no" : "yes";
    List<String> lines =
        List.of(
            "port " + port,
            "bind " + HOST,
            "sentinel resolve-hostnames " + names,
            "sentinel announce-hostnames " + names,
            "sentinel monitor " + MASTER + " " + host + " " + announced(master) + " 2",
            "sentinel down-after-milliseconds " + MASTER + " 1000",
            "sentinel failover-timeout " + MASTER + " 4000");
    try {
      Path file = group.folder().resolve("sentinel-" + port + ".conf");
      Files.write(file, lines);
      servers.put(
          port, group.binary("redis", "sentinel-" + port, List.of(file.toString(), "--sentinel")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sentinels.add(port);
  }

  /** Returns the port at which clients reach a server: with TLS, that of its relay. */
  private int announced(int port) {
    if (relayed) {
      return plainRelays.computeIfAbsent(port, Relay::to).port();
    }
    return identity == null
        ? port
        : relays
            .computeIfAbsent(
                port,
                behind -> {
                  try {
                    return TlsRelay.alsoPlainTo(behind, identity);
                  } catch (Exception e) {
                    throw new AssertionError(e);
                  }
                })
            .port();
  }

  private boolean isWatched() {
    for (int sentinel : sentinels) {
      if (!answers(sentinel)) {
        return false;
      }
      try (Jedis jedis = open(sentinel)) {
        Map<String, String> master = jedis.sentinelMasters().get(0);
        if (!master.get("num-slaves").equals("1")
            || !master.get("num-other-sentinels").equals("2")) {
          return false;
        }
      }
    }
    return true;
  }

  private void join(List<Integer> nodes) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      try (Jedis node = open(nodes.get(i))) {
        ids.add(node.clusterMyId());
        node.clusterMeet(HOST, nodes.get(0));
        for (int slot = i; i < 3 && slot < 16_384; slot += 3 * 512) {
          int[] some = new int[Math.min(512, (16_384 - slot + 2) / 3)];
          for (int s = 0; s < some.length; s++) {
            some[s] = slot + 3 * s;
          }
          node.clusterAddSlots(some);
        }
      }
    }
    for (int i = 3; i < nodes.size(); i++) {
      int at = i;
      try (Jedis node = open(nodes.get(i))) {
        HBaseShell.await(
            "the nodes know each other", () -> node.clusterNodes().contains(ids.get(at - 3)));
        node.clusterReplicate(ids.get(i - 3));
      }
    }
    for (int node : nodes) {
      HBaseShell.await("the cluster is complete", () -> isComplete(node));
    }
    nodes.subList(3, 6).forEach(node -> HBaseShell.await("in step", () -> isSynchronized(node)));
  }

  private static boolean isComplete(int node) {
    try (Jedis jedis = open(node)) {
      return jedis.clusterInfo().contains("cluster_state:ok")
          && jedis.clusterInfo().contains("cluster_known_nodes:6");
    }
  }

  private static boolean answers(int port) {
    try (Jedis jedis = open(port)) {
      return jedis.ping() != null;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private boolean isSynchronized(int replica) {
    try (Jedis jedis = open(replica)) {
      String info = jedis.info("replication");
      return info.contains("role:slave") && info.contains("master_link_status:up");
    }
  }

  /** Whether a server has a key; false for other nodes of a cluster. */
  public static boolean has(int port, byte[] name) {
    try (Jedis jedis = open(port)) {
      return jedis.exists(name);
    } catch (JedisRedirectionException e) {
      return false;
    }
  }

  public static Jedis open(int port) {
    return new Jedis(new HostAndPort(HOST, port));
  }

  /** Returns the servers, without Sentinels, that have a role. */
  public List<Integer> of(String role) {
    return servers.keySet().stream()
        .filter(port -> !sentinels.contains(port) && servers.get(port).isAlive())
        .filter(
            port -> {
              try (Jedis jedis = open(port)) {
                return jedis.info("replication").contains("role:" + role);
              } catch (JedisConnectionException e) {
                // The server is about to end.
                return false;
              }
            })
        .sorted()
        .toList();
  }

  public List<Integer> sentinels() {
    return List.copyOf(sentinels);
  }

  /** Returns the options of a store that uses this group. */
  public Map<String, String> options() {
    return sentinels.isEmpty()
        ? Map.of("redis.cluster", addresses(List.copyOf(servers.keySet()).subList(0, 2)))
        : Map.of("redis.sentinels", addresses(sentinels), "redis.sentinel.master", MASTER);
  }

  private String addresses(List<Integer> ports) {
    return String.join(",", ports.stream().map(port -> host + ":" + announced(port)).toList());
  }

  /** Returns the TLS relay before a server. */
  public TlsRelay relay(int port) {
    return Objects.requireNonNull(relays.get(port));
  }

  public Collection<TlsRelay> relays() {
    return relays.values();
  }

  public void kill(int port) {
    servers.get(port).kill();
  }

  GroupProcess process(int port) {
    return servers.get(port);
  }

  /** Makes a replica follow a server that does not exist, so that it gets no further writes. */
  void cutOff(int replica) {
    try (Jedis jedis = open(replica)) {
      jedis.sendCommand(Protocol.Command.REPLICAOF, HOST, Integer.toString(group.freePort()));
    }
  }

  /** Counts the connections of stores to all running servers. */
  public long connections() {
    return servers.keySet().stream()
        .filter(port -> servers.get(port).isAlive())
        .mapToLong(
            port -> {
              try (Jedis jedis = open(port)) {
                return jedis
                    .clientList()
                    .lines()
                    .filter(line -> line.contains("name=dimstore"))
                    .count();
              }
            })
        .sum();
  }

  /** Repeatedly opens a store, reads from each master, and closes it. */
  public static void openAndClose(HBaseRedisHarness servers, RedisGroup group) {
    TableSpec spec = Users.spec("users_" + Users.unique());
    for (int i = 0; i < 10; i++) {
      try (Users users = Users.open(servers, Map.of(), spec)) {
        if (i == 0) {
          users.created();
        }
        Users.await(users.store().ping());
        users.get("a");
      }
    }
    HBaseShell.await(
        "no thread or connection left", () -> Users.noThreads() && group.connections() == 0);
  }

  @Override
  public void close() {
    group.close();
    plainRelays.values().forEach(Relay::close);
    for (TlsRelay relay : relays.values()) {
      try {
        relay.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
