// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;

/**
 * The slot map of a cluster as of the last search (CLUSTER SLOTS), and the connections to the
 * masters in use. A master that a search does not find is no longer in use, unless a redirection
 * has named it since the search began: the search's answer may be older than the redirection.
 * Thread-safe; does no I/O.
 *
 * @param <L> the connections to one master
 */
final class ClusterMasters<L> {

  private final Opening<L> opening;
  private final Predicate<L> hasFailed;
  private final Map<HostAndPort, L> inUse = new HashMap<>();

  /**
   * Masters that a redirection named after the running search had begun. Its answer may not contain
   * them yet.
   */
  private final Set<HostAndPort> newer = new HashSet<>();

  /**
   * Nodes that stopped being masters after a failure. If they return, their entries may lack
   * writes.
   */
  private final Set<HostAndPort> doubted = new HashSet<>();

  private volatile @Nullable ClusterSlots slots;
  private @Nullable CompletableFuture<ClusterSlots> search;
  private boolean closed;

  /** Creates the connections to a master, without waiting for it. */
  @FunctionalInterface
  interface Opening<L> {
    /**
     * Creates the connections.
     *
     * @param isDoubted whether the node's entries may lack writes
     */
    L open(HostAndPort node, boolean isDoubted);
  }

  /**
   * Creates an instance without a slot map.
   *
   * @param hasFailed tests whether a master's entries may lack a write
   */
  ClusterMasters(Opening<L> opening, Predicate<L> hasFailed) {
    this.opening = opening;
    this.hasFailed = hasFailed;
  }

  /** Returns the slot map of the last successful search, null before the first. */
  @Nullable ClusterSlots slots() {
    return slots;
  }

  synchronized boolean isSearching() {
    return search != null;
  }

  /**
   * Returns the running search. If there is none, the given one becomes the running search and is
   * returned.
   */
  synchronized CompletableFuture<ClusterSlots> beginSearch(CompletableFuture<ClusterSlots> mine) {
    if (search == null) {
      search = mine;
      newer.clear();
    }
    return search;
  }

  /**
   * Ends the running search.
   *
   * @param found the slot map; null if the search failed
   * @return the connections to nodes that are no longer masters; the caller closes them
   */
  synchronized Map<HostAndPort, L> endSearch(@Nullable ClusterSlots found) {
    search = null;
    if (found == null) {
      return Map.of();
    }
    slots = found;
    Map<HostAndPort, L> gone = new HashMap<>(inUse);
    gone.keySet().removeAll(found.masters());
    gone.keySet().removeAll(newer);
    inUse.keySet().removeAll(gone.keySet());
    gone.forEach(
        (node, connections) -> {
          if (hasFailed.test(connections)) {
            doubted.add(node);
          }
        });
    return gone;
  }

  /**
   * Returns the connections to a master; creates them if there are none.
   *
   * @throws io.dimstore.spi.StoreException CLOSED after {@link #close}
   */
  synchronized L connections(HostAndPort node) {
    if (closed) {
      throw ServerConnections.closedException();
    }
    return inUse.computeIfAbsent(node, made -> opening.open(made, doubted.contains(made)));
  }

  /**
   * Returns the connections to a node that a redirection named. A search that began before does not
   * end their use.
   */
  synchronized L redirected(HostAndPort node) {
    if (search != null) {
      newer.add(node);
    }
    return connections(node);
  }

  /** Returns whether these are the connections to a master in use. */
  synchronized boolean isInUse(HostAndPort node, L connections) {
    return inUse.get(node) == connections;
  }

  synchronized Map<HostAndPort, L> inUse() {
    return Map.copyOf(inUse);
  }

  /** Returns all connections, which the caller closes. No further ones are created. */
  synchronized List<L> close() {
    closed = true;
    List<L> open = new ArrayList<>(inUse.values());
    inUse.clear();
    return open;
  }
}
