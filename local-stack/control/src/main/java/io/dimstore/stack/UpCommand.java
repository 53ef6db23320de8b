package io.dimstore.stack;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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
      "  bin/dimstore stack up --only kafka,redis --port kafka=9092 --port redis=6379",
      "  eval \"$(bin/dimstore stack up --detach --format env)\""
    })
final class UpCommand implements Callable<Integer> {

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "SERVER",
      converter = ServerConverter.class,
      description =
          "The servers to start, separated by commas: hbase, kafka, dynamodb, redis. Default: all.")
  private Set<Server> only = new LinkedHashSet<>();

  @Option(
      names = "--port",
      paramLabel = "SERVER=PORT",
      converter = {ServerConverter.class, PortConverter.class},
      description = "A fixed port for a server (hbase: ZooKeeper's). Default: free ones.")
  private Map<Server, Integer> ports = new EnumMap<>(Server.class);

  @Option(
      names = "--hdfs",
      arity = "0..1",
      fallbackValue = "3",
      paramLabel = "N",
      description = {
        "HBase on HDFS: NameNode, DataNode and N region servers (1 to 9) in a process each.",
        "Default: 3; without the option HBase is one process on local files."
      })
  private @Nullable Integer regionServers;

  @Option(
      names = "--format",
      paramLabel = "table|env|json",
      description = "How the addresses are printed. Default: table.")
  private OutputFormat format = OutputFormat.TABLE;

  @Option(
      names = {"-d", "--detach"},
      description = {
        "Return when the servers are ready and leave them running.",
        "What is known of them is kept in $XDG_STATE_HOME/dimstore, else ~/.local/state/dimstore."
      })
  private boolean detach;

  /** How the detached process is told that it is the one. */
  @Option(names = "--supervise", hidden = true)
  private boolean supervise;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "How long a server may take to start. Default: 180.")
  private int timeoutSeconds = 180;

  @Spec private CommandSpec spec;

  /** Made by picocli. */
  @SuppressWarnings("NullAway.Init")
  UpCommand() {}

  @Override
  public Integer call() throws Exception {
    StackOptions options = options();
    if (detach) {
      print(DetachedStack.start(options));
      return 0;
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
      return 1;
    }
  }

  private StackOptions options() {
    Set<Server> servers = only.isEmpty() ? EnumSet.allOf(Server.class) : only;
    for (Map.Entry<Server, Integer> fixed : ports.entrySet()) {
      if (!servers.contains(fixed.getKey())) {
        throw wrong("%s is not among the servers of --only", fixed);
      }
      if (!Ports.isFree(fixed.getValue())) {
        throw new StackException(
            "--port %s=%d: the port is taken. Choose another one, or leave the option out for a free one."
                .formatted(fixed.getKey().id(), fixed.getValue()));
      }
    }
    if (timeoutSeconds < 1) {
      throw new ParameterException(
          spec.commandLine(), "--timeout " + timeoutSeconds + ": at least 1 second");
    }
    if (regionServers != null
        && (regionServers < 1 || regionServers > 9 || !servers.contains(Server.HBASE))) {
      throw new ParameterException(
          spec.commandLine(),
          "--hdfs"
              + (servers.contains(Server.HBASE)
                  ? "=" + regionServers + ": 1 to 9 region servers"
                  : ": hbase is not among the servers of --only"));
    }
    return new StackOptions(
        servers,
        ports,
        Duration.ofSeconds(timeoutSeconds),
        line -> System.err.println("stack: " + line),
        regionServers == null ? 0 : regionServers);
  }

  private ParameterException wrong(String reason, Map.Entry<Server, Integer> fixed) {
    String server = fixed.getKey().id();
    return new ParameterException(
        spec.commandLine(),
        "--port " + server + "=" + fixed.getValue() + ": " + reason.formatted(server));
  }

  private void print(List<OutputFormat.Row> rows) {
    System.out.print(format.of(rows));
    System.out.flush();
  }

  static List<OutputFormat.Row> rows(LocalStack stack) {
    return stack.endpoints().stream()
        .map(
            endpoint ->
                new OutputFormat.Row(
                    endpoint,
                    stack.process(endpoint.server()).pid(),
                    stack.isAlive(endpoint.server()),
                    stack.log(endpoint.server()).toString()))
        .toList();
  }

  /** Waits until one of the servers has ended; an interrupt by the user ends the JVM instead. */
  static ServerExit awaitExit(LocalStack stack) throws InterruptedException {
    BlockingQueue<ServerExit> exits = new LinkedBlockingQueue<>();
    stack.onExit(exits::add);
    return exits.take();
  }
}
