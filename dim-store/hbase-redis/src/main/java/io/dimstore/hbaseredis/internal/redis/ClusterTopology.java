// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import io.dimstore.hbaseredis.internal.breaker.Breaker;
import io.dimstore.hbaseredis.internal.breaker.RequestPurpose;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics.Operation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * The slot map of a cluster, and the connections to each master. The first request that needs the
 * slot map waits for it. Later, {@link #refresh} and {@link #failed} request it again in the
 * background while the old one remains in use, so that one slow node does not delay the keys of the
 * others. Connections to nodes that are no longer masters are then closed. Thread-safe.
 */
final class ClusterTopology {

  private static final long REFRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final List<HostAndPort> seeds;
  private final RedisLogin login;
  private final RedisSetup setup;
  private final ClusterMasters<ServerConnections> masters;
  private final ServerConnections scout;
  private final Breaker breaker;
  private final StoreException notInUse =
      new StoreException(Kind.UNAVAILABLE, "The Redis cluster is not in use for now");
  private volatile long searchedAt = System.nanoTime() - REFRESH_NANOS;

  /** Whether a {@link #refresh} came too early. */
  private volatile boolean isRefreshDue;

  /**
   * Creates a topology without a slot map.
   *
   * @param seeds nodes to ask for the slot map while no other node is known, or when no other
   *     answers
   */
  ClusterTopology(List<HostAndPort> seeds, RedisLogin login, RedisSetup setup) {
    this.seeds = seeds;
    this.login = login;
    this.setup = setup;
    this.masters =
        new ClusterMasters<>(this::open, connections -> connections.breaker().openings() > 0);
    this.scout = new ServerConnections("cluster-", 1, this::anyNode, setup);
    this.breaker =
        new Breaker(
            "the Redis cluster",
            setup.breakers(),
            setup.slow(),
            () -> search().thenAccept(found -> {}));
    setup.breakers().adopt(breaker);
  }

  /**
   * Returns the breaker for failures that concern no single node: for example, no node reports the
   * slot map.
   */
  Breaker breaker() {
    return breaker;
  }

  /** Returns the failure of requests while {@link #breaker} is open. */
  StoreException notInUse() {
    return notInUse;
  }

  /** Returns the slot map; waits for it only if none is known yet. */
  CompletableFuture<ClusterSlots> slots() {
    ClusterSlots known = masters.slots();
    if (known == null) {
      return search();
    }
    if (isRefreshDue) {
      refresh();
    }
    return CompletableFuture.completedFuture(known);
  }

  /** Requests the slot map from any node. Concurrent callers share one request. */
  CompletableFuture<ClusterSlots> search() {
    CompletableFuture<ClusterSlots> mine = new CompletableFuture<>();
    CompletableFuture<ClusterSlots> running = masters.beginSearch(mine);
    if (running != mine) {
      return running;
    }
    searchedAt = System.nanoTime();
    isRefreshDue = false;
    scout
        .send(Operation.ADMIN, 0, 0, 0, RequestPurpose.probe(), ClusterSlots.COMMAND)
        .whenComplete(
            (found, failure) -> {
              Map<HostAndPort, ServerConnections> gone =
                  masters.endSearch(failure == null ? found : null);
              gone.forEach(
                  (node, connections) -> {
                    setup.breakers().retire(connections.breaker());
                    connections.stop(noMaster(node.toString()));
                  });
              if (failure == null) {
                mine.complete(found);
              } else {
                mine.completeExceptionally(failure);
              }
            });
    return mine;
  }

  /**
   * Starts a request for the slot map. If one is running or began less than 200 ms ago, the first
   * call of {@link #slots} after that time starts it. Never blocks.
   */
  void refresh() {
    if (masters.isSearching() || System.nanoTime() - searchedAt < REFRESH_NANOS) {
      isRefreshDue = true;
      return;
    }
    var unused = search();
  }

  /**
   * Refreshes the slot map after an UNAVAILABLE or TIMEOUT failure: another master may have taken
   * the node's place. Does nothing for null.
   */
  void failed(@Nullable Throwable failure) {
    if (failure == null) {
      return;
    }
    StoreException known = StoreException.find(failure);
    if (known != null && (known.kind() == Kind.UNAVAILABLE || known.kind() == Kind.TIMEOUT)) {
      refresh();
    }
  }

  /**
   * Returns the connections to a node; opens them at first use.
   *
   * @throws StoreException CLOSED after {@link #close}
   */
  ServerConnections connections(HostAndPort node) {
    return masters.connections(node);
  }

  /**
   * Returns the connections to a node that a redirection named.
   *
   * @throws StoreException CLOSED after {@link #close}
   */
  ServerConnections redirected(HostAndPort node) {
    return masters.redirected(node);
  }

  /** Returns whether these are the connections to a master in use. */
  boolean isInUse(HostAndPort node, ServerConnections connections) {
    return masters.isInUse(node, connections);
  }

  private ServerConnections open(HostAndPort node, boolean isDoubted) {
    ServerConnections made =
        new ServerConnections(node + "-", setup.connections(), () -> connect(node), setup);
    if (isDoubted) {
      made.breaker().requireReconciliation();
    }
    setup.breakers().adopt(made.breaker());
    return made;
  }

  /**
   * Connects to a node, and refreshes the slot map if the node is away. A redirection or an old
   * slot map can name a node after the search that no longer found it. If no request goes to the
   * node, only the probes of its breaker notice that it is away.
   */
  private RedisConnection connect(HostAndPort node) {
    try {
      return login.connect(node);
    } catch (RuntimeException e) {
      refresh();
      throw e;
    }
  }

  /** Returns the failure of requests to a node that is no longer a master. */
  static StoreException noMaster(String address) {
    return new StoreException(
        Kind.UNAVAILABLE, "Redis: " + address + " is no longer a master of the cluster");
  }

  /** Fails pending requests CLOSED, and returns when all connections and threads have ended. */
  void close() {
    List<ServerConnections> open = masters.close();
    open.forEach(connections -> connections.stop(ServerConnections.closedException()));
    scout.close();
    open.forEach(ServerConnections::close);
  }

  /**
   * Connects to the first node that answers: the masters in use, then the nodes of the options,
   * then masters whose breakers are open.
   */
  private RedisConnection anyNode() {
    Set<HostAndPort> nodes = new LinkedHashSet<>();
    List<HostAndPort> away = new ArrayList<>();
    masters
        .inUse()
        .forEach((node, connections) -> (connections.breaker().isRead() ? nodes : away).add(node));
    seeds.stream().filter(node -> !away.contains(node)).forEach(nodes::add);
    nodes.addAll(away);
    RuntimeException last = null;
    for (HostAndPort node : nodes) {
      try {
        return RedisConnection.ofAnyRole(login.open(node));
      } catch (RuntimeException e) {
        last = e;
      }
    }
    throw last == null ? new JedisConnectionException("The cluster has no node") : last;
  }
}
