package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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
 * What is known of a cluster: which master has which slot, and the lanes to each master. It is
 * found out when somebody needs it and believed until there is something newer: after {@link
 * #refresh} or {@link #failed} it is asked for again, and nobody waits for that, so that one slow
 * node does not hold up the keys of the others. Lanes to a node that is no master any more end
 * then. Thread-safe.
 */
final class ClusterTopology {

  private static final long REFRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final List<HostAndPort> seeds;
  private final RedisLogin login;
  private final RedisSetup setup;
  private final Map<HostAndPort, RedisLanes> masters = new HashMap<>();

  /** Masters that a redirection named after the search had begun: its answer may not know them. */
  private final Set<HostAndPort> newer = new HashSet<>();

  /** Nodes that were no masters for a while, and may come back with entries of an older time. */
  private final Set<HostAndPort> doubted = new HashSet<>();

  private final RedisLanes scout;
  private final Breaker breaker;
  private final StoreException notInUse =
      new StoreException(Kind.UNAVAILABLE, "The Redis cluster is not in use for now");
  private volatile @Nullable ClusterSlots slots;
  private @Nullable CompletableFuture<ClusterSlots> search;
  private long searchedAt = System.nanoTime() - REFRESH_NANOS;
  private boolean closed;

  /**
   * Nothing is known at first.
   *
   * @param seeds nodes that are asked while no other is known, and when no other answers
   */
  ClusterTopology(List<HostAndPort> seeds, RedisLogin login, RedisSetup setup) {
    this.seeds = seeds;
    this.login = login;
    this.setup = setup;
    this.scout = new RedisLanes("cluster-", 1, this::anyNode, setup);
    this.breaker =
        new Breaker(
            "the Redis cluster",
            setup.breakers(),
            setup.slow(),
            () -> search().thenAccept(found -> {}));
    setup.breakers().adopt(breaker);
  }

  /** The breaker for what is no node's own: nobody tells which node has what. */
  Breaker breaker() {
    return breaker;
  }

  /** Returns the failure of requests while {@link #breaker} is open. */
  StoreException notInUse() {
    return notInUse;
  }

  /** Which master has what; asked for only while nothing is known. */
  CompletableFuture<ClusterSlots> slots() {
    ClusterSlots known = slots;
    return known == null ? search() : CompletableFuture.completedFuture(known);
  }

  /** Asks which master has what; once, however many wait for it. */
  CompletableFuture<ClusterSlots> search() {
    CompletableFuture<ClusterSlots> mine = new CompletableFuture<>();
    synchronized (this) {
      if (search != null) {
        return search;
      }
      search = mine;
      searchedAt = System.nanoTime();
      newer.clear();
    }
    scout
        .send(Operation.ADMIN, 0, 0, 0, Demand.probe(), ClusterSlots.COMMAND)
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
              gone.forEach(
                  (node, lanes) -> {
                    setup.breakers().retire(lanes.breaker());
                    lanes.stop(noMaster(node.toString()));
                  });
              if (failure == null) {
                mine.complete(found);
              } else {
                mine.completeExceptionally(failure);
              }
            });
    return mine;
  }

  /** Asks again which master has what, but not too often, and lets nobody wait. */
  void refresh() {
    synchronized (this) {
      if (search != null || System.nanoTime() - searchedAt < REFRESH_NANOS) {
        return;
      }
    }
    var unused = search();
  }

  /** Asks again after a failure that another master in the node's place may explain. */
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
        address -> {
          RedisLanes made =
              new RedisLanes(
                  address + "-", setup.connections(), () -> login.connect(address), setup);
          if (search != null) {
            newer.add(address);
          }
          if (doubted.contains(address)) {
            made.breaker().doubt();
          }
          setup.breakers().adopt(made.breaker());
          return made;
        });
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
    gone.keySet().removeAll(newer);
    masters.keySet().removeAll(gone.keySet());
    gone.forEach(
        (node, lanes) -> {
          if (lanes.breaker().openings() > 0) {
            doubted.add(node);
          }
        });
    return gone;
  }

  /** The first that answers: of the masters in use, then of the options' nodes, then any. */
  private RedisConnection anyNode() {
    Set<HostAndPort> nodes = new LinkedHashSet<>();
    List<HostAndPort> away = new ArrayList<>();
    synchronized (this) {
      masters.forEach((node, lanes) -> (lanes.breaker().isRead() ? nodes : away).add(node));
    }
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
