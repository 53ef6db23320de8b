// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import io.dimstore.spi.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;

/** Requests, redirections and searches of a cluster's masters, and the close of the store. */
@Param(name = "node", gen = IntGen.class, conf = "0:1")
@Param(name = "nodes", gen = IntGen.class, conf = "0:3")
public class ClusterMastersOperations {

  private static final HostAndPort SEED = new HostAndPort("seed", 1);
  private static final List<HostAndPort> NODES =
      List.of(new HostAndPort("node0", 1), new HostAndPort("node1", 1));

  /** The slot maps with no node, with either, and with both; the first is null. */
  private static final @Nullable ClusterSlots[] FOUND = {null, found(0), found(1), found(0, 1)};

  private final Map<HostAndPort, AtomicInteger> opened = new ConcurrentHashMap<>();
  private final ClusterMasters<Connections> masters =
      new ClusterMasters<>(this::open, connections -> connections.hasFailed.get());

  /** The connections to a node: the how manieth they are, and whether the node was doubted. */
  private record Connections(String name, AtomicBoolean hasFailed) {}

  private static ClusterSlots found(int... nodes) {
    List<Object> ranges = new ArrayList<>();
    for (int node : nodes) {
      byte[] host = NODES.get(node).getHost().getBytes(StandardCharsets.UTF_8);
      ranges.add(List.of((long) node, (long) node, List.of(host, 1L)));
    }
    return ClusterSlots.of(ranges, SEED);
  }

  private Connections open(HostAndPort node, boolean isDoubted) {
    int number = opened.computeIfAbsent(node, first -> new AtomicInteger()).incrementAndGet();
    return new Connections(
        node.getHost() + "#" + number + (isDoubted ? " doubted" : ""), new AtomicBoolean());
  }

  /** Sends a request to a node. */
  @Operation
  public String request(@Param(name = "node") int node) {
    try {
      return masters.connections(NODES.get(node)).name;
    } catch (StoreException e) {
      return e.kind().name();
    }
  }

  /** Sends a request that another node redirected to this one; the write of the request fails. */
  @Operation
  public String failedRedirection(@Param(name = "node") int node) {
    try {
      Connections connections = masters.redirected(NODES.get(node));
      connections.hasFailed.set(true);
      return connections.name;
    } catch (StoreException e) {
      return e.kind().name();
    }
  }

  /** Begins a search unless one is running. */
  @Operation
  public boolean begin() {
    CompletableFuture<ClusterSlots> mine = new CompletableFuture<>();
    return masters.beginSearch(mine) == mine;
  }

  /** Ends a search, which fails for 0; else each bit stands for a node that it finds. */
  @Operation
  public String end(@Param(name = "nodes") int nodes) {
    return names(masters.endSearch(FOUND[nodes]).values());
  }

  /** Closes the store. Returns what must be closed. */
  @Operation
  public String close() {
    return names(masters.close());
  }

  @Operation
  public String inUse() {
    return names(masters.inUse().values());
  }

  private static String names(Collection<Connections> some) {
    return some.stream().map(Connections::name).sorted().collect(Collectors.joining(", "));
  }
}
