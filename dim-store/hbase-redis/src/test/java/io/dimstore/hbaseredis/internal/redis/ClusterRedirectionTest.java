// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.hbaseredis.fixture.Failing;
import io.dimstore.hbaseredis.fixture.HBaseShell;
import io.dimstore.hbaseredis.internal.breaker.RequestPurpose;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.hbaseredis.internal.options.HBaseRedisOptions;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.HostAndPort;

/**
 * A cluster whose nodes report only ports, as Redis 7 does with {@code
 * cluster-preferred-endpoint-type unknown-endpoint}. A fake node simulates the cluster.
 */
class ClusterRedirectionTest {

  private static final HostAndPort ASKED = new HostAndPort("node.test", 1);
  private static final RequestPurpose READ =
      new RequestPurpose(RequestPurpose.Use.READ, server -> true, null, false);
  private static final RequestPurpose WRITE =
      new RequestPurpose(RequestPurpose.Use.WRITE, server -> true, null, false);

  @Test
  void nodeWithoutHostIsOnTheHostThatAnswered() {
    assertThat(ClusterSlots.address(null, 2, ASKED)).isEqualTo(new HostAndPort("node.test", 2));
    assertThat(ClusterSlots.address("", 2, ASKED)).isEqualTo(new HostAndPort("node.test", 2));
    assertThat(ClusterSlots.address("n", 2, ASKED)).isEqualTo(new HostAndPort("n", 2));
  }

  @Test
  void redirectionWithoutHostStaysOnTheHostThatAnswered() throws Exception {
    try (SimulatedNode node = new SimulatedNode();
        RedisServers servers = open(node)) {
      node.answer(
          command -> command.equals("GET") ? "-MOVED 1 :1\r\n" : SimulatedNode.slots(node.port()));
      Failing.with(
          servers.values(List.of(Utf8.encode("a")), RequestPurpose.probe()),
          Kind.UNAVAILABLE,
          "No connection to 127.0.0.1:1");
    }
  }

  /** Requests that waited for a node which left the cluster are sent to its successor. */
  @Test
  void requestGoesToSuccessorWhenItsNodeIsNoLongerMaster() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    AtomicInteger master = new AtomicInteger();
    try (SimulatedNode old = new SimulatedNode();
        SimulatedNode successor = new SimulatedNode();
        RedisServers servers = open(old)) {
      master.set(old.port());
      old.answer(
          command -> {
            if (command.equals("GET")) {
              asked.countDown();
              return "";
            }
            return SimulatedNode.slots(master.get());
          });
      successor.answer(command -> "$-1\r\n");
      CompletableFuture<List<byte[]>> value =
          servers.values(List.of(Utf8.encode("a")), RequestPurpose.probe());
      assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
      master.set(successor.port());
      servers.ping().get(60, TimeUnit.SECONDS);
      assertThat(value.get(60, TimeUnit.SECONDS)).containsOnlyNulls();
    }
  }

  /** Otherwise no breaker in use would know of the failed write. */
  @Test
  void writeWithoutSuccessorOpensTheBreakerOfTheCluster() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    AtomicBoolean left = new AtomicBoolean();
    try (SimulatedNode old = new SimulatedNode();
        SimulatedNode other = new SimulatedNode();
        RedisServers servers = open(old)) {
      old.answer(
          command -> {
            if (command.equals("GET")) {
              asked.countDown();
              return "";
            }
            return left.get()
                ? SimulatedNode.slotZero(other.port())
                : SimulatedNode.slots(old.port());
          });
      CompletableFuture<List<byte[]>> write = servers.values(List.of(Utf8.encode("a")), WRITE);
      assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
      left.set(true);
      servers.ping().get(60, TimeUnit.SECONDS);
      Failing.with(write, Kind.UNAVAILABLE, "no node of the cluster has slot");
      assertThat(isAnyOpen(servers)).isTrue();
    }
  }

  /** The node leaves the cluster between the failure of the connection and its report. */
  @Test
  void writeThatFailsWhileItsNodeLeavesIsSentToTheSuccessor() throws Exception {
    AtomicInteger master = new AtomicInteger();
    AtomicReference<RedisServers> opened = new AtomicReference<>();
    try (SimulatedNode old = new SimulatedNode();
        SimulatedNode successor = new SimulatedNode()) {
      master.set(old.port());
      old.answer(
          command -> command.equals("GET") ? "no answer\r\n" : SimulatedNode.slots(master.get()));
      successor.answer(command -> "$-1\r\n");
      StoreMetrics metrics =
          request -> {
            if (request.failure() != null && master.compareAndSet(old.port(), successor.port())) {
              opened.get().ping().join();
            }
          };
      try (RedisServers servers = open(old, metrics)) {
        opened.set(servers);
        assertThat(servers.values(List.of(Utf8.encode("a")), WRITE).get(60, TimeUnit.SECONDS))
            .containsOnlyNulls();
        assertThat(isAnyOpen(servers)).isFalse();
      }
    }
  }

  /** The redirection comes so soon after a search that the next one has to wait. */
  @Test
  void deadNodeIsForgottenAfterASingleRead() throws Exception {
    AtomicBoolean isNamed = new AtomicBoolean(true);
    try (SimulatedNode node = new SimulatedNode();
        RedisServers servers = open(node)) {
      node.answer(
          command -> {
            if (command.equals("GET")) {
              return isNamed.get() ? "-MOVED 1 127.0.0.1:1\r\n" : "$-1\r\n";
            }
            return SimulatedNode.slots(node.port());
          });
      List<byte[]> names = List.of(Utf8.encode("a"));
      Failing.with(servers.values(names, READ), Kind.UNAVAILABLE, "127.0.0.1:1");
      isNamed.set(false);
      HBaseShell.await(
          "only the breakers of the cluster and of the node are left",
          () -> {
            servers.values(names, READ).exceptionally(failure -> null).get();
            return servers.breakers().size() == 2;
          });
    }
  }

  /** No request goes to the dead node any more, so only the probes of its breaker notice it. */
  @Test
  void deadNodeThatARedirectionNamedIsForgotten() throws Exception {
    AtomicBoolean isNamed = new AtomicBoolean(true);
    try (SimulatedNode node = new SimulatedNode();
        RedisServers servers = open(node)) {
      node.answer(
          command -> {
            if (command.equals("GET")) {
              return isNamed.get() ? "-MOVED 1 127.0.0.1:1\r\n" : "$-1\r\n";
            }
            return SimulatedNode.slots(node.port());
          });
      HBaseShell.await(
          "the dead node is out of use",
          () -> {
            servers.values(List.of(Utf8.encode("a")), READ).exceptionally(failure -> null).get();
            return isAnyOpen(servers);
          });
      isNamed.set(false);
      HBaseShell.await(
          "the dead node is forgotten",
          () -> {
            servers
                .breakers()
                .forEach(breaker -> breaker.probeIfDue(ClusterRedirectionTest::completed));
            return !isAnyOpen(servers);
          });
      assertThat(servers.values(List.of(Utf8.encode("a")), READ).get(60, TimeUnit.SECONDS))
          .containsOnlyNulls();
    }
  }

  private static CompletableFuture<Void> completed() {
    return CompletableFuture.completedFuture(null);
  }

  private static boolean isAnyOpen(RedisServers servers) {
    return servers.breakers().stream().anyMatch(breaker -> !breaker.allowsWrites());
  }

  private static RedisServers open(SimulatedNode node) {
    return open(node, StoreMetrics.NONE);
  }

  private static RedisServers open(SimulatedNode node, StoreMetrics metrics) {
    StoreConfig config =
        StoreConfig.parse(
            "store 'hbase-redis'",
            HBaseRedisOptions.all(),
            StoreOption.Scope.STORE,
            Map.of("redis.cluster", "127.0.0.1:" + node.port(), "redis.timeout", "60 s"));
    return RedisServers.open(config, new Meter(metrics));
  }
}
