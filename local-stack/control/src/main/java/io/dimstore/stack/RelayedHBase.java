package io.dimstore.stack;

import io.dimstore.stack.relay.Relay;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * An HBase whose region server is reached through a {@link Relay}. The region server listens on
 * 127.0.0.1 and tells clients and the master that it is on 127.0.0.2, where the relay is, at the
 * same port. ZooKeeper and the master are reached directly, so that faults of the relay end no
 * ZooKeeper session. All of 127.0.0.0/8 has to be loopback, as it is on Linux. Thread-safe.
 */
public final class RelayedHBase implements AutoCloseable {

  private static final String LISTENS = "127.0.0.1";
  private static final String ADVERTISES = "127.0.0.2";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final ServerGroup group;
  private final Relay relay;
  private final GroupProcess process;
  private final HBaseEndpoint endpoint;

  private RelayedHBase(
      ServerGroup group, Relay relay, GroupProcess process, HBaseEndpoint endpoint) {
    this.group = group;
    this.relay = relay;
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
    Relay relay = null;
    try {
      int port = group.freePort();
      int regionServer = group.freePort();
      relay =
          Relay.between(
              new InetSocketAddress(ADVERTISES, regionServer),
              new InetSocketAddress(LISTENS, regionServer));
      Path folder = group.folder().resolve("data");
      GroupProcess process =
          group.hbase(
              "hbase",
              List.of(),
              List.of("-Xmx512m"),
              "io.dimstore.stack.hbase.HBaseServerMain",
              List.of(
                  folder.toString(),
                  Integer.toString(port),
                  Integer.toString(group.freePort()),
                  Integer.toString(regionServer),
                  ADVERTISES));
      awaitReady(process, folder.resolve("ready"));
      return new RelayedHBase(group, relay, process, new HBaseEndpoint(port));
    } catch (RuntimeException e) {
      if (relay != null) {
        relay.close();
      }
      group.close();
      throw e;
    }
  }

  private static void awaitReady(GroupProcess process, Path ready) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(ready)) {
      if (!process.isAlive() || System.nanoTime() - end > 0) {
        throw new StackException(
            "HBase behind a relay did not start: "
                + KeptLogs.quote(KeptLogs.lastLines(process.log())));
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  /** Returns where it is reached, through the relay. */
  public HBaseEndpoint endpoint() {
    return endpoint;
  }

  /** Returns the relay before the region server. */
  public Relay relay() {
    return relay;
  }

  /** Returns the process of ZooKeeper, master and region server. */
  public GroupProcess process() {
    return process;
  }

  /** Ends the process and the relay. Calling it again changes nothing. */
  @Override
  public void close() {
    relay.close();
    group.close();
  }
}
