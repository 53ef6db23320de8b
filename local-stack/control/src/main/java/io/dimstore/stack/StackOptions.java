// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

import io.dimstore.stack.dynamodb.DynamoDbServerMain;
import io.dimstore.stack.dynamodb.ServerAddress;
import io.dimstore.stack.server.Server;
import io.dimstore.stack.server.StackException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Describes the servers to start. Immutable: each {@code with} method returns a changed copy.
 *
 * @param servers the servers to start, at least one
 * @param ports the fixed ports; a server without one gets a free port
 * @param timeout how long each server may take until it is ready
 * @param progress receives one line whenever a server starts, is ready or has failed; called from
 *     several threads, one at a time
 * @param regionServers 0 for HBase in one process on local files; otherwise the number of region
 *     servers of an HBase on HDFS, each in its own process
 * @param taskManagers the number of Flink's TaskManagers, each in its own process
 * @param highAvailability whether Flink has two JobManagers and ZooKeeper, each in its own process
 * @param dynamoDbEndpoint the address of a DynamoDB server that the user runs, or null
 * @param classPaths entries that come before the class path of a server's processes
 */
public record StackOptions(
    Set<Server> servers,
    Map<Server, Integer> ports,
    Duration timeout,
    Consumer<String> progress,
    int regionServers,
    int taskManagers,
    boolean highAvailability,
    @Nullable URI dynamoDbEndpoint,
    Map<Server, List<Path>> classPaths) {

  private static final String DYNAMODB = "dynamodb";

  /** How the ids of the servers of Flink begin, of which there is one for each version. */
  static final String FLINK = "flink";

  /** The variables that the program of the Flink server reads. */
  private static final String TASK_MANAGERS = "DIMSTORE_FLINK_TASKMANAGERS";

  private static final String HIGH_AVAILABILITY = "DIMSTORE_FLINK_HA";

  /** Copies the collections. */
  public StackOptions {
    if (servers.isEmpty()) {
      throw new IllegalArgumentException("no server to start");
    }
    if (regionServers < 0 || regionServers > 9) {
      throw new IllegalArgumentException("0 to 9 region servers, not " + regionServers);
    }
    if (taskManagers < 1 || taskManagers > 9) {
      throw new IllegalArgumentException("1 to 9 TaskManagers, not " + taskManagers);
    }
    Set<Server> started = Set.copyOf(servers);
    ports.forEach(
        (server, port) -> {
          if (!started.contains(server)) {
            throw new IllegalArgumentException(
                "a port for " + server.id() + ", which is not among the servers to start");
          }
          if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException(
                "port " + port + " for " + server.id() + ": a port is 1 to 65535");
          }
        });
    if (dynamoDbEndpoint != null && !has(started, DYNAMODB)) {
      throw new IllegalArgumentException(
          "an address for dynamodb, which is not among the servers to start");
    }
    if (dynamoDbEndpoint != null) {
      ServerAddress.checked(dynamoDbEndpoint);
    }
    servers = started;
    ports = Map.copyOf(ports);
    classPaths = Map.copyOf(classPaths);
  }

  /**
   * Returns options for these servers: free ports, three minutes each, progress on standard error.
   */
  public static StackOptions of(Set<Server> servers) {
    return new StackOptions(
        servers,
        Map.of(),
        Duration.ofMinutes(3),
        line -> System.err.println("stack: " + line),
        0,
        1,
        false,
        null,
        Map.of());
  }

  /**
   * Returns the default options, as {@link #of(Set)} does, for the servers with these ids.
   *
   * @throws StackException if there is no such server
   */
  public static StackOptions of(String first, String... more) {
    return of(
        Stream.concat(Stream.of(first), Arrays.stream(more))
            .map(Server::of)
            .collect(Collectors.toSet()));
  }

  /** Returns these options with a fixed port for one of the servers. */
  public StackOptions withPort(String server, int port) {
    Map<Server, Integer> changed = new HashMap<>(ports);
    changed.put(Server.of(server), port);
    return with(copy -> copy.ports = changed);
  }

  /** Returns these options with another time limit for each server's start. */
  public StackOptions withTimeout(Duration limit) {
    return with(copy -> copy.timeout = limit);
  }

  /** Returns these options with another receiver of the progress lines. */
  public StackOptions withProgress(Consumer<String> receiver) {
    return with(copy -> copy.progress = receiver);
  }

  /** Returns these options with HBase on HDFS and this number of region servers. */
  public StackOptions withHdfs(int number) {
    return with(copy -> copy.regionServers = number);
  }

  /** Returns these options with this number of TaskManagers of Flink. */
  public StackOptions withTaskManagers(int number) {
    return with(copy -> copy.taskManagers = number);
  }

  /**
   * Returns these options with two JobManagers of Flink, of which one takes over from the other.
   */
  public StackOptions withHighAvailability() {
    return with(copy -> copy.highAvailability = true);
  }

  /**
   * Returns these options with a DynamoDB server that the user runs, which has to answer when the
   * stack starts. The server {@code dynamodb} has to be among the servers.
   *
   * @throws IllegalArgumentException if the address has a user, a query or a fragment; reports show
   *     it
   */
  public StackOptions withDynamoDbEndpoint(URI address) {
    return with(copy -> copy.dynamoDbEndpoint = address);
  }

  /**
   * Returns these options with jars and folders before the class path of a Java server: plug-ins,
   * and configuration files such as {@code hbase-site.xml}.
   */
  public StackOptions withClassPath(String server, List<Path> entries) {
    Map<Server, List<Path>> changed = new HashMap<>(classPaths);
    changed.put(Server.of(server), List.copyOf(entries));
    return with(copy -> copy.classPaths = changed);
  }

  private StackOptions with(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return copy.options();
  }

  /** The components of options, of which one is to be changed. */
  private static final class Copy {
    private final Set<Server> servers;
    private Map<Server, Integer> ports;
    private Duration timeout;
    private Consumer<String> progress;
    private int regionServers;
    private int taskManagers;
    private boolean highAvailability;
    private @Nullable URI dynamoDbEndpoint;
    private Map<Server, List<Path>> classPaths;

    Copy(StackOptions from) {
      servers = from.servers;
      ports = from.ports;
      timeout = from.timeout;
      progress = from.progress;
      regionServers = from.regionServers;
      taskManagers = from.taskManagers;
      highAvailability = from.highAvailability;
      dynamoDbEndpoint = from.dynamoDbEndpoint;
      classPaths = from.classPaths;
    }

    StackOptions options() {
      return new StackOptions(
          servers,
          ports,
          timeout,
          progress,
          regionServers,
          taskManagers,
          highAvailability,
          dynamoDbEndpoint,
          classPaths);
    }
  }

  /** Returns the entries that come before the class path of a server. */
  List<Path> classPath(Server server) {
    return classPaths.getOrDefault(server, List.of());
  }

  /**
   * Checks that the user's DynamoDB server answers, if one is named. The stack checks it when it
   * starts; commands that do other work first check it before that.
   *
   * @throws StackException if it does not answer within seconds
   */
  public void requireDynamoDb() {
    if (dynamoDbEndpoint != null) {
      try {
        ServerAddress.requireAnswer(dynamoDbEndpoint);
      } catch (IOException e) {
        throw new StackException(String.valueOf(e.getMessage()), e);
      }
    }
  }

  /** Returns whether DynamoDB is among the servers. */
  public boolean hasDynamoDb() {
    return has(servers, DYNAMODB);
  }

  private static boolean has(Set<Server> servers, String id) {
    return servers.stream().anyMatch(server -> server.id().equals(id));
  }

  /** Returns what kind of installation a server is, for reports. */
  String description(Server server) {
    return dynamoDbEndpoint != null && server.id().equals(DYNAMODB)
        ? "a server of the user, at " + dynamoDbEndpoint
        : server.description();
  }

  /** Returns the variables of the servers' processes, besides those of this JVM. */
  public Map<String, String> environment() {
    Map<String, String> variables = new HashMap<>();
    if (dynamoDbEndpoint != null) {
      variables.put(DynamoDbServerMain.ENDPOINT, dynamoDbEndpoint.toString());
    }
    if (servers.stream().anyMatch(server -> server.id().startsWith(FLINK))) {
      variables.put(TASK_MANAGERS, Integer.toString(taskManagers));
      variables.put(HIGH_AVAILABILITY, Boolean.toString(highAvailability));
    }
    return variables;
  }
}
