package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * What is known of a cluster: which master has which slot, and the lanes to each master. It is
 * found out when somebody needs it and believed until {@link #forget} or {@link #failed} says
 * otherwise; lanes to a node that is no master any more end then. Thread-safe.
 */
final class ClusterTopology {

  private final List<HostAndPort> seeds;
  private final RedisLogin login;
  private final Meter meter;
  private final int connections;
  private final Map<HostAndPort, RedisLanes> masters = new HashMap<>();
  private final RedisLanes scout;
  private volatile @Nullable ClusterSlots slots;
  private @Nullable CompletableFuture<ClusterSlots> search;
  private boolean closed;

  /**
   * Nothing is known at first.
   *
   * @param seeds nodes that are asked while no other is known, and when no other answers
   * @param connections to each master
   */
  ClusterTopology(List<HostAndPort> seeds, RedisLogin login, int connections, Meter meter) {
    this.seeds = seeds;
    this.login = login;
    this.meter = meter;
    this.connections = connections;
    this.scout = new RedisLanes("cluster-", 1, this::anyNode, meter);
  }

  /** Which master has what; asked for once, however many wait for it. */
  CompletableFuture<ClusterSlots> slots() {
    ClusterSlots known = slots;
    if (known != null) {
      return CompletableFuture.completedFuture(known);
    }
    CompletableFuture<ClusterSlots> mine = new CompletableFuture<>();
    synchronized (this) {
      if (search != null) {
        return search;
      }
      search = mine;
    }
    scout
        .send(Operation.ADMIN, 0, 0, () -> true, ClusterSlots.COMMAND)
        .whenComplete(
            (found, failure) -> {
              Map<HostAndPort, RedisLanes> gone = Map.of();
              synchronized (this) {
                search = null;
                if (failure == null) {
                  slots = found;
                  gone = retired(found);
                }
              }
              gone.forEach((node, lanes) -> lanes.stop(noMaster(node.toString())));
              if (failure == null) {
                mine.complete(found);
              } else {
                mine.completeExceptionally(failure);
              }
            });
    return mine;
  }

  /** Has the slots asked for anew by who needs them next. */
  void forget() {
    slots = null;
  }

  /** Forgets the slots after a failure that another master in the node's place may explain. */
  void failed(@Nullable Throwable failure) {
    StoreException known = StoreException.find(failure);
    if (known != null && (known.kind() == Kind.UNAVAILABLE || known.kind() == Kind.TIMEOUT)) {
      forget();
    }
  }

  /**
   * The lanes to a node, made where there are none.
   *
   * @throws StoreException CLOSED after {@link #close}
   */
  synchronized RedisLanes lanes(HostAndPort node) {
    if (closed) {
      throw RedisLanes.closedException();
    }
    return masters.computeIfAbsent(
        node,
        address -> new RedisLanes(address + "-", connections, () -> login.connect(address), meter));
  }

  /** The failure of what is asked of a node that was a master. */
  static StoreException noMaster(String address) {
    return new StoreException(
        Kind.UNAVAILABLE, "Redis: " + address + " is no master of the cluster any more");
  }

  /** Fails what is under way CLOSED and returns when all connections and threads have ended. */
  void close() {
    List<RedisLanes> open;
    synchronized (this) {
      closed = true;
      open = new ArrayList<>(masters.values());
      masters.clear();
    }
    open.forEach(lanes -> lanes.stop(RedisLanes.closedException()));
    scout.close();
    open.forEach(RedisLanes::close);
  }

  private Map<HostAndPort, RedisLanes> retired(ClusterSlots now) {
    Map<HostAndPort, RedisLanes> gone = new HashMap<>(masters);
    gone.keySet().removeAll(now.masters());
    masters.keySet().retainAll(now.masters());
    return gone;
  }

  /** The first that answers of the nodes that are known, the options' ones last. */
  private RedisConnection anyNode() {
    Map<String, HostAndPort> nodes = new TreeMap<>();
    synchronized (this) {
      masters.keySet().forEach(node -> nodes.put(node.toString(), node));
    }
    seeds.forEach(node -> nodes.putIfAbsent(node.toString(), node));
    RuntimeException last = null;
    for (HostAndPort node : nodes.values()) {
      try {
        return RedisConnection.ofAnyRole(login.open(node));
      } catch (RuntimeException e) {
        last = e;
      }
    }
    throw last == null ? new JedisConnectionException("The cluster has no node") : last;
  }
}
