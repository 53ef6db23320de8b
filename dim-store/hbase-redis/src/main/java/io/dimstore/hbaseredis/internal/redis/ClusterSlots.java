// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.util.JedisClusterCRC16;

/** The slot map of a cluster: the master of each slot. Immutable. */
final class ClusterSlots {

  /** The command that requests the slot map from any node of the cluster. */
  static final RedisCommand<ClusterSlots> COMMAND =
      RedisCommand.of(
          connection -> new CommandArguments(Protocol.Command.CLUSTER).add("SLOTS"),
          (connection, reply) -> of((List<?>) reply, connection.address()));

  private static final int SLOTS = 16_384;

  private final @Nullable HostAndPort[] owners;
  private final Set<HostAndPort> masters;

  private ClusterSlots(@Nullable HostAndPort[] owners, Set<HostAndPort> masters) {
    this.owners = owners;
    this.masters = Collections.unmodifiableSet(masters);
  }

  /**
   * Decodes the answer to CLUSTER SLOTS.
   *
   * @param answer for each range, its first and last slot, its master and its replicas
   * @param asked the node that answered
   */
  static ClusterSlots of(List<?> answer, HostAndPort asked) {
    @Nullable HostAndPort[] owners = new @Nullable HostAndPort[SLOTS];
    Set<HostAndPort> masters = new HashSet<>();
    for (Object each : answer) {
      List<?> range = (List<?>) each;
      List<?> node = (List<?>) range.get(2);
      byte[] host = (byte[]) node.get(0);
      HostAndPort master =
          address(
              host == null ? null : Utf8.decode(host, 0, host.length),
              ((Long) node.get(1)).intValue(),
              asked);
      masters.add(master);
      for (long slot = (Long) range.get(0); slot <= (Long) range.get(1); slot++) {
        owners[(int) slot] = master;
      }
    }
    if (masters.isEmpty()) {
      throw new StoreException(
          Kind.UNAVAILABLE, "Redis: " + asked + " reports no slots of the cluster");
    }
    return new ClusterSlots(owners, masters);
  }

  /**
   * Returns the address of a node that another node reported. If it reported no host ({@code
   * unknown-endpoint}), the host of the reporting node is meant.
   */
  static HostAndPort address(@Nullable String host, int port, HostAndPort asked) {
    return new HostAndPort(host == null || host.isEmpty() ? asked.getHost() : host, port);
  }

  /** Returns the master that holds a key, null if no node does. */
  @Nullable HostAndPort find(byte[] name) {
    return owners[JedisClusterCRC16.getSlot(name)];
  }

  /**
   * Returns the master that holds a key.
   *
   * @throws StoreException UNAVAILABLE if no node does
   */
  HostAndPort master(byte[] name) {
    HostAndPort owner = find(name);
    if (owner == null) {
      throw noOwner(name);
    }
    return owner;
  }

  static StoreException noOwner(byte[] name) {
    return new StoreException(
        Kind.UNAVAILABLE,
        "Redis: no node of the cluster has slot " + JedisClusterCRC16.getSlot(name));
  }

  Set<HostAndPort> masters() {
    return masters;
  }

  SortedSet<String> addresses() {
    SortedSet<String> addresses = new TreeSet<>();
    masters.forEach(master -> addresses.add(master.toString()));
    return addresses;
  }
}
