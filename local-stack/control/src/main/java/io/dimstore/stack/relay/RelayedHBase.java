// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.relay;

import io.dimstore.stack.HBaseEndpoint;
import io.dimstore.stack.process.GroupProcess;
import io.dimstore.stack.process.ServerGroup;
import io.dimstore.stack.server.StackException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An HBase whose region server and master are reached through a {@link Relay} each. They listen on
 * 127.0.0.1, and advertise 127.0.0.2 and the same ports, where the relays listen. ZooKeeper is
 * reached directly, so that faults of the relays do not end the servers' ZooKeeper sessions. A test
 * of a client that cannot reach ZooKeeper puts a relay of its own before it. All of 127.0.0.0/8 has
 * to be loopback, as it is on Linux. Thread-safe.
 */
public final class RelayedHBase implements AutoCloseable {

  private static final String LISTENS = "127.0.0.1";
  private static final String ADVERTISES = "127.0.0.2";

  private final ServerGroup group;
  private final Relay relay;
  private final Relay masterRelay;
  private final GroupProcess process;
  private final HBaseEndpoint endpoint;

  private RelayedHBase(
      ServerGroup group,
      Relay relay,
      Relay masterRelay,
      GroupProcess process,
      HBaseEndpoint endpoint) {
    this.group = group;
    this.relay = relay;
    this.masterRelay = masterRelay;
    this.process = process;
    this.endpoint = endpoint;
  }

  /**
   * Starts it and waits until it serves.
   *
   * @throws StackException when it does not start
   */
  public static RelayedHBase start() {
    ServerGroup group = ServerGroup.create();
    List<Relay> relays = new ArrayList<>();
    try {
      int port = group.freePort();
      int master = group.freePort();
      int regionServer = group.freePort();
      relays.add(before(regionServer));
      relays.add(before(master));
      Path folder = group.folder().resolve("data");
      GroupProcess process =
          group.java(
              "hbase",
              "hbase",
              List.of(
                  folder.toString(),
                  Integer.toString(port),
                  Integer.toString(master),
                  Integer.toString(regionServer),
                  ADVERTISES));
      process.await(folder.resolve("ready"));
      return new RelayedHBase(
          group, relays.get(0), relays.get(1), process, new HBaseEndpoint(port));
    } catch (RuntimeException e) {
      relays.forEach(Relay::close);
      group.close();
      throw e;
    }
  }

  private static Relay before(int port) {
    return Relay.between(
        new InetSocketAddress(ADVERTISES, port), new InetSocketAddress(LISTENS, port));
  }

  /** Returns where it is reached, through the relays. */
  public HBaseEndpoint endpoint() {
    return endpoint;
  }

  /** Returns the relay before the region server. */
  public Relay relay() {
    return relay;
  }

  /** Returns the relay before the master. */
  public Relay masterRelay() {
    return masterRelay;
  }

  /** Returns the process of ZooKeeper, master and region server. */
  public GroupProcess process() {
    return process;
  }

  /** Ends the process and the relays. Calling it again changes nothing. */
  @Override
  public void close() {
    relay.close();
    masterRelay.close();
    group.close();
  }
}
