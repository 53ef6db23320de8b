package io.dimstore.stack;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What to start and how; immutable, each {@code with} method gives a changed copy.
 *
 * @param servers the servers to start, at least one
 * @param ports the fixed ports; a server without one gets a free port
 * @param timeout how long each server may take until it is ready
 * @param progress is told in one line each which server starts, is ready or has failed; called from
 *     several threads, one at a time
 * @param regionServers 0 for an HBase in one process on local files; else it is on HDFS, with so
 *     many region servers in a process each
 */
public record StackOptions(
    Set<Server> servers,
    Map<Server, Integer> ports,
    Duration timeout,
    Consumer<String> progress,
    int regionServers) {

  /** Copies what it is given. */
  public StackOptions {
    if (servers.isEmpty()) {
      throw new IllegalArgumentException("no server to start");
    }
    if (regionServers < 0 || regionServers > 9) {
      throw new IllegalArgumentException("0 to 9 region servers, not " + regionServers);
    }
    EnumSet<Server> sorted = EnumSet.copyOf(servers);
    ports.forEach(
        (server, port) -> {
          if (!sorted.contains(server)) {
            throw new IllegalArgumentException(
                "a port for " + server.id() + ", which is not among the servers to start");
          }
          if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException(
                "port " + port + " for " + server.id() + ": a port is 1 to 65535");
          }
        });
    servers = Set.copyOf(sorted);
    ports = Map.copyOf(ports);
  }

  /** These servers on free ports, three minutes for each, progress on standard error. */
  public static StackOptions of(Set<Server> servers) {
    return new StackOptions(
        servers, Map.of(), Duration.ofMinutes(3), line -> System.err.println("stack: " + line), 0);
  }

  /** The same with a fixed port for one of the servers. */
  public StackOptions withPort(Server server, int port) {
    Map<Server, Integer> changed = new EnumMap<>(Server.class);
    changed.putAll(ports);
    changed.put(server, port);
    return new StackOptions(servers, changed, timeout, progress, regionServers);
  }

  /** The same with another time limit for each server's start. */
  public StackOptions withTimeout(Duration limit) {
    return new StackOptions(servers, ports, limit, progress, regionServers);
  }

  /** The same with another receiver of the progress lines. */
  public StackOptions withProgress(Consumer<String> receiver) {
    return new StackOptions(servers, ports, timeout, receiver, regionServers);
  }

  /** The same with HBase on HDFS, and so many region servers. */
  public StackOptions withHdfs(int number) {
    return new StackOptions(servers, ports, timeout, progress, number);
  }
}
