package io.dimstore.hbaseredis;

import io.dimstore.spi.TableSpec;
import io.dimstore.stack.GroupProcess;
import io.dimstore.stack.ServerGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/** Several Redis servers on loopback that know of each other. */
final class RedisGroup implements AutoCloseable {

  static final String MASTER = "dim";
  private static final String HOST = "127.0.0.1";

  /** A node of a Cluster also listens this much above its port. */
  private static final int CLUSTER_BUS = 10_000;

  private final ServerGroup group = ServerGroup.create();
  private final Map<Integer, GroupProcess> servers = new HashMap<>();
  private final List<Integer> sentinels = new ArrayList<>();

  /** A master, a replica of it, and three Sentinels that fail over after a second. */
  static RedisGroup withSentinels() {
    RedisGroup group = new RedisGroup();
    try {
      int master = group.server();
      int replica = group.server("--replicaof", HOST, Integer.toString(master));
      HBaseShell.await("the replica is in step", () -> group.isInStep(replica));
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
  static RedisGroup cluster() {
    RedisGroup group = new RedisGroup();
    try {
      List<Integer> nodes = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        nodes.add(group.server("--cluster-enabled", "yes", "--cluster-node-timeout", "1500"));
      }
      group.join(nodes);
      return group;
    } catch (RuntimeException | AssertionError e) {
      group.close();
      throw e;
    }
  }

  private int server(String... words) {
    int port = group.freePortWith(CLUSTER_BUS);
    List<String> all = new ArrayList<>(List.of("--bind", HOST, "--port", Integer.toString(port)));
    all.addAll(List.of("--save", "", "--repl-diskless-sync", "yes"));
    all.addAll(List.of("--repl-diskless-sync-delay", "0"));
    all.addAll(List.of(words));
    servers.put(port, group.redis("redis-" + port, all));
    HBaseShell.await("Redis answers", () -> answers(port));
    return port;
  }

  private void sentinel(int master) {
    int port = group.freePort();
    List<String> lines =
        List.of(
            "port " + port,
            "bind " + HOST,
            "sentinel monitor " + MASTER + " " + HOST + " " + master + " 2",
            "sentinel down-after-milliseconds " + MASTER + " 1000",
            "sentinel failover-timeout " + MASTER + " 4000");
    try {
      Path file = group.folder().resolve("sentinel-" + port + ".conf");
      Files.write(file, lines);
      servers.put(port, group.redis("sentinel-" + port, List.of(file.toString(), "--sentinel")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sentinels.add(port);
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
      HBaseShell.await("the cluster is whole", () -> isWhole(node));
    }
    nodes.subList(3, 6).forEach(node -> HBaseShell.await("in step", () -> isInStep(node)));
  }

  private static boolean isWhole(int node) {
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

  private boolean isInStep(int replica) {
    try (Jedis jedis = open(replica)) {
      String info = jedis.info("replication");
      return info.contains("role:slave") && info.contains("master_link_status:up");
    }
  }

  /** Whether a server has a key; in a cluster the others have not. */
  static boolean has(int port, byte[] name) {
    try (Jedis jedis = open(port)) {
      return jedis.exists(name);
    } catch (JedisRedirectionException e) {
      return false;
    }
  }

  static Jedis open(int port) {
    return new Jedis(new HostAndPort(HOST, port));
  }

  /** Servers that are no Sentinels, by their role. */
  List<Integer> of(String role) {
    return servers.keySet().stream()
        .filter(port -> !sentinels.contains(port) && servers.get(port).isAlive())
        .filter(
            port -> {
              try (Jedis jedis = open(port)) {
                return jedis.info("replication").contains("role:" + role);
              } catch (JedisConnectionException e) {
                // It is about to end.
                return false;
              }
            })
        .sorted()
        .toList();
  }

  List<Integer> sentinels() {
    return List.copyOf(sentinels);
  }

  /** What the store's options need. */
  Map<String, String> options() {
    return sentinels.isEmpty()
        ? Map.of("redis.cluster", addresses(List.copyOf(servers.keySet()).subList(0, 2)))
        : Map.of("redis.sentinels", addresses(sentinels), "redis.sentinel.master", MASTER);
  }

  private static String addresses(List<Integer> ports) {
    return String.join(",", ports.stream().map(port -> HOST + ":" + port).toList());
  }

  void kill(int port) {
    servers.get(port).kill();
  }

  GroupProcess process(int port) {
    return servers.get(port);
  }

  /** Has a replica follow a server that is not there, so that it hears of no write any more. */
  void cutOff(int replica) {
    try (Jedis jedis = open(replica)) {
      jedis.sendCommand(Protocol.Command.REPLICAOF, HOST, Integer.toString(group.freePort()));
    }
  }

  /** Connections of the store to all servers that run. */
  long connections() {
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

  /** Opens a store, reads from each master, closes it, again and again. */
  static void openAndClose(HBaseRedisHarness servers, RedisGroup group) {
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
    HBaseShell.await("nothing left", () -> Users.noThreads() && group.connections() == 0);
  }

  @Override
  public void close() {
    group.close();
  }
}
