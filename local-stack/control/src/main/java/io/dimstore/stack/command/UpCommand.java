// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.command;

import io.dimstore.cli.DurationText;
import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.Usage;
import io.dimstore.stack.LocalStack;
import io.dimstore.stack.StackOptions;
import io.dimstore.stack.process.Ports;
import io.dimstore.stack.process.ServerExit;
import io.dimstore.stack.server.Server;
import io.dimstore.stack.server.StackException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts servers, says where they are, and stays until it is interrupted or one of them ends. */
@Command(
    name = "up",
    description = {
      "Starts the servers and prints their addresses.",
      "Stays until Ctrl-C and then ends them; with --detach it returns, and 'stack down' ends them."
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore stack up",
      "  bin/dimstore stack up --only hbase,redis --hdfs 2",
      "  bin/dimstore stack up --flink --taskmanagers 2",
      "  bin/dimstore stack up --flink --ha --taskmanagers 2",
      "  bin/dimstore stack up --flink --flink-version 2.2 --only kafka,hbase,redis",
      "  bin/dimstore stack up --only kafka,redis --port kafka=9092 --port redis=6379",
      "  eval \"$(bin/dimstore stack up --detach --format env)\""
    })
final class UpCommand implements Callable<Integer> {

  /** The servers of Flink by its versions. */
  private static final Map<String, String> FLINK = Map.of("1.20", "flink", "2.2", "flink-2.2");

  private static final String DEFAULT_VERSION = "1.20";

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "SERVER,...",
      showDefaultValue = Visibility.NEVER,
      converter = ServerConverter.class,
      completionCandidates = ServerConverter.class,
      description =
          "The servers to start, separated by commas: ${COMPLETION-CANDIDATES}. All but those of"
              + " Flink without this option.")
  private Set<Server> only = new LinkedHashSet<>();

  @Option(
      names = "--port",
      paramLabel = "SERVER=PORT",
      showDefaultValue = Visibility.NEVER,
      converter = {ServerConverter.class, PortConverter.class},
      description =
          "A fixed port for a server (hbase: ZooKeeper's), in place of a free one. Repeatable.")
  private Map<Server, Integer> ports = new LinkedHashMap<>();

  @Option(
      names = "--hdfs",
      arity = "0..1",
      fallbackValue = "3",
      paramLabel = "N",
      description = {
        "HBase on HDFS: NameNode, DataNode and N region servers (1 to 9) in a process each.",
        "3 where N is left out; without the option HBase is one process on local files."
      })
  private @Nullable Integer regionServers;

  @Option(
      names = "--flink",
      description = "Start a Flink cluster, too: a JobManager and TaskManagers of 4 slots.")
  private boolean flink;

  @Option(
      names = "--flink-version",
      paramLabel = "VERSION",
      description =
          "The version of the Flink cluster, 1.20 or 2.2. 1.20 without it: that of 'feature run' and"
              + " 'write run'. The connector and the SQL jars are there for both.")
  private @Nullable String flinkVersion;

  @Option(
      names = "--taskmanagers",
      paramLabel = "N",
      description = "TaskManagers of the Flink cluster, 1 to 9, a process each. 1 without it.")
  private @Nullable Integer taskManagers;

  @Option(
      names = "--ha",
      description =
          "Two JobManagers of the Flink cluster, and ZooKeeper, a process each: the jobs continue"
              + " after the loss of the JobManager that leads.")
  private boolean highAvailability;

  @Mixin private DynamoDbServerOption dynamoDb = new DynamoDbServerOption();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "How the result is printed. One of table, env and json.")
  private OutputFormat format = OutputFormat.TABLE;

  @Option(
      names = {"-d", "--detach"},
      description = {
        "Return when the servers are ready and leave them running.",
        "The record of them is kept in $XDG_STATE_HOME/dimstore, else ~/.local/state/dimstore."
      })
  private boolean detach;

  /** Set for the process that a detached stack runs in. */
  @Option(
      names = "--supervise",
      hidden = true,
      description = "Be the process that a detached stack runs in.")
  private boolean supervise;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "3m",
      description = "How long a server may take to start, at least 1s.")
  private Duration timeout = Duration.ofMinutes(3);

  @Override
  public Integer call() throws Exception {
    StackOptions options = options();
    if (detach) {
      options.requireDynamoDb(); // the supervising process would report it to its log alone
      print(DetachedStack.start(options));
      return ExitCodes.OK;
    }
    if (supervise) {
      return DetachedStack.supervise(options);
    }
    try (LocalStack stack = LocalStack.start(options)) {
      print(rows(stack));
      System.err.println("stack: up; Ctrl-C ends it");
      ServerExit exit = awaitExit(stack);
      System.err.println("stack: " + exit.message());
      System.err.println("stack: the other servers are stopped");
      return ExitCodes.FAILED;
    }
  }

  private StackOptions options() {
    Set<Server> servers =
        new LinkedHashSet<>(only.isEmpty() ? Server.allByDefault() : List.copyOf(only));
    if (flinkVersion != null && !flink) {
      throw Usage.error("--flink-version goes with --flink");
    }
    if (flink) {
      servers.add(flink());
    }
    for (Map.Entry<Server, Integer> fixed : ports.entrySet()) {
      if (!servers.contains(fixed.getKey())) {
        throw Usage.badValue("--port", option(fixed), "must be of one of the servers to start");
      }
      if (!Ports.isFree(fixed.getValue())) {
        throw new StackException(
            "--port '%s': the port is taken. Choose another one, or leave the option out for a free one."
                .formatted(option(fixed)));
      }
    }
    if (timeout.toSeconds() < 1) {
      throw Usage.badValue("--timeout", DurationText.of(timeout), "must be at least 1s");
    }
    if (regionServers != null) {
      requireOnHdfs(servers);
      Usage.requireBetween(1, 9, "--hdfs", regionServers);
    }
    if (taskManagers != null) {
      requireFlink("--taskmanagers", servers);
      Usage.requireBetween(1, 9, "--taskmanagers", taskManagers);
    }
    if (highAvailability) {
      requireFlink("--ha", servers);
    }
    return dynamoDb.applyTo(
        new StackOptions(
            servers,
            ports,
            timeout,
            line -> System.err.println("stack: " + line),
            regionServers == null ? 0 : regionServers,
            taskManagers == null ? 1 : taskManagers,
            highAvailability,
            null,
            Map.of()));
  }

  private static void requireOnHdfs(Set<Server> servers) {
    List<Server> onHdfs = Server.allOnHdfs();
    if (onHdfs.stream().noneMatch(servers::contains)) {
      throw Usage.error(
          "--hdfs goes with "
              + onHdfs.stream().map(Server::id).collect(Collectors.joining(" or "))
              + " among the servers of --only");
    }
  }

  private Server flink() {
    String version = flinkVersion == null ? DEFAULT_VERSION : flinkVersion;
    String id = FLINK.get(version);
    if (id == null) {
      throw Usage.badValue("--flink-version", version, "must be 1.20 or 2.2");
    }
    return Server.of(id);
  }

  private static void requireFlink(String option, Set<Server> servers) {
    if (servers.stream().noneMatch(server -> FLINK.containsValue(server.id()))) {
      throw Usage.error(option + " goes with --flink");
    }
  }

  private static String option(Map.Entry<Server, Integer> port) {
    return port.getKey().id() + "=" + port.getValue();
  }

  private void print(List<OutputFormat.Row> rows) {
    System.out.print(format.of(rows));
    System.out.flush();
  }

  static List<OutputFormat.Row> rows(LocalStack stack) {
    return stack.endpoints().stream()
        .map(
            endpoint ->
                OutputFormat.Row.of(
                    endpoint,
                    stack.process(endpoint.server().id()).pid(),
                    stack.isAlive(endpoint.server().id()),
                    stack.log(endpoint.server().id()).toString()))
        .toList();
  }

  /** Waits until one of the servers has ended; an interrupt by the user ends the JVM instead. */
  static ServerExit awaitExit(LocalStack stack) throws InterruptedException {
    BlockingQueue<ServerExit> exits = new LinkedBlockingQueue<>();
    stack.onExit(exits::add);
    return exits.take();
  }
}
