// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.bench.BenchMain;
import io.dimstore.cli.ExitCodes;
import io.dimstore.events.EventsMain;
import io.dimstore.events.topic.TopicMain;
import io.dimstore.features.FeatureMain;
import io.dimstore.forecast.ForecastMain;
import io.dimstore.memory.MemoryStores;
import io.dimstore.migration.MigrateMain;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.command.StackMain;
import io.dimstore.stack.job.JobMain;
import io.dimstore.writer.WriterMain;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Runs commands of which one server is absent. Some run at the same time, since they mostly wait;
 * {@code -Ddimstore.absent.at-once=1} runs one after the other, for measurements. Closing it prints
 * the seconds that each command took.
 */
final class AbsentServers implements AutoCloseable {

  /** An address at which nothing listens. */
  static final String CLOSED = "127.0.0.1:1";

  private static final int AT_ONCE = Integer.getInteger("dimstore.absent.at-once", 8);

  private static final String INSTANCE = "--store-option=instance=";

  /** Each program by the first word of its commands. */
  private static final Map<String, Supplier<CommandLine>> PROGRAMS =
      Map.of(
          "bench", BenchMain::commandLine,
          "compare", BenchMain::commandLine,
          "stack", StackMain::commandLine,
          "job", JobMain::commandLine,
          "events", EventsMain::commandLine,
          "topic", TopicMain::commandLine,
          "write", WriterMain::commandLine,
          "feature", FeatureMain::commandLine,
          "forecast", ForecastMain::commandLine,
          "migrate", MigrateMain::commandLine);

  /** What is absent. */
  enum Absent {
    KAFKA("Kafka", "--bootstrap"),
    DYNAMODB("DynamoDB", "endpoint"),
    HBASE("HBase", "zookeeper.quorum"),
    REDIS("Redis", "redis.host"),
    FLINK("Flink", "--cluster");

    private final String label;
    private final String option;

    Absent(String label, String option) {
      this.label = label;
      this.option = option;
    }
  }

  /** How it is absent. */
  enum How {
    /** Nothing listens at the address. */
    CLOSED,
    /** Connections are accepted and never answered. */
    SILENT
  }

  /**
   * A server that a command reaches.
   *
   * @param command the command without {@code bin/dimstore}
   * @param option the option that names the server, or the store that it belongs to
   */
  record Reached(String command, String option, Absent server) {}

  /** A command line whose server is absent. */
  record Case(Reached reached, How how, List<String> args) {

    String name() {
      return String.format(
          Locale.ROOT,
          "%s, %s of %s %s",
          reached.command,
          reached.server.label,
          reached.option,
          how.name().toLowerCase(Locale.ROOT));
    }
  }

  private record Run(int exitCode, String err, double seconds) {}

  private final String instance = UUID.randomUUID().toString();
  private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
  private final Map<String, Future<Run>> runs = new LinkedHashMap<>();
  private final Map<String, Case> cases = new LinkedHashMap<>();

  /**
   * Creates the built-in dimensions in a memory store, for commands of which only Kafka is absent.
   */
  AbsentServers() {
    createTables(instance);
  }

  /** Starts the commands. */
  void start(List<Case> all) {
    for (Case one : all) {
      assertThat(cases.put(one.name(), one)).as(one.name()).isNull();
      runs.put(one.name(), threads.submit(() -> run(one)));
    }
  }

  /** Plans the migration that a case is a step of. */
  static void plan(Case step) {
    Run run =
        run(new Case(new Reached("migrate plan", "--from", Absent.REDIS), step.how, step.args));
    assertThat(run.exitCode).as(run.err).isZero();
  }

  Set<String> names() {
    return runs.keySet();
  }

  /** Waits for the command, and asserts that it has reported the absent server and its option. */
  void assertReported(String name) throws Exception {
    Run run = runs.get(name).get();
    Absent absent = cases.get(name).reached.server;
    assertThat(run.err).startsWith("error: ").doesNotContain("\tat ").hasLineCount(1);
    // The names of stores contain those of servers.
    assertThat(run.err.replace("'hbase-redis'", "").replace("'dynamodb'", ""))
        .contains(absent.label, absent.option);
    assertThat(run.exitCode).isEqualTo(ExitCodes.FAILED);
  }

  @Override
  public void close() throws Exception {
    threads.shutdownNow();
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, Future<Run>> run : runs.entrySet()) {
      if (run.getValue().isDone() && !run.getValue().isCancelled()) {
        lines.add(String.format("%5.1f s  %s", run.getValue().get().seconds, run.getKey()));
      }
    }
    lines.sort(Comparator.reverseOrder());
    System.out.printf("Seconds until an absent server was reported, %d at once:%n", AT_ONCE);
    lines.forEach(System.out::println);
    MemoryStores.clear(instance);
  }

  private static Run run(Case one) {
    StringWriter err = new StringWriter();
    List<String> words = new ArrayList<>(List.of(one.reached.command.split(" ")));
    String program = words.get(0);
    // The other programs are named by the first word.
    if (!program.equals("compare") && !program.equals("bench")) {
      words.remove(0);
    }
    words.addAll(one.args);
    long start = System.nanoTime();
    int exitCode =
        PROGRAMS
            .get(program)
            .get()
            .setErr(new PrintWriter(err, true))
            .execute(words.toArray(String[]::new));
    return new Run(exitCode, err.toString(), (System.nanoTime() - start) / 1e9);
  }

  /** Returns the servers that a command may reach, by its options. */
  static Set<Reached> reachedBy(CommandSpec command) {
    String name = name(command);
    Set<Reached> reached = new LinkedHashSet<>();
    if (has(command, "--bootstrap")) {
      reached.add(new Reached(name, "--bootstrap", Absent.KAFKA));
    }
    if (has(command, "--dynamodb-endpoint")) {
      reached.add(new Reached(name, "--dynamodb-endpoint", Absent.DYNAMODB));
    }
    if (has(command, "--cluster")) {
      reached.add(new Reached(name, "--cluster", Absent.FLINK));
    }
    if (has(command, "--store")) {
      for (Absent server : List.of(Absent.DYNAMODB, Absent.HBASE, Absent.REDIS)) {
        reached.add(new Reached(name, "--store", server));
      }
    }
    if (has(command, "--from")) {
      reached.add(new Reached(name, "--from", Absent.HBASE));
      reached.add(new Reached(name, "--from", Absent.REDIS));
      reached.add(new Reached(name, "--to", Absent.DYNAMODB));
    }
    return reached;
  }

  static String name(CommandSpec command) {
    return command.qualifiedName().replace("bin/dimstore ", "");
  }

  private static boolean has(CommandSpec command, String option) {
    return command.findOption(option) != null;
  }

  /** Returns the commands of which Kafka is absent. */
  List<Case> kafka(String address, How how, Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("behavior.csv"), "1,2,3,pv,10\n");
    List<String> memory = List.of("--store=memory", INSTANCE + instance);
    Map<String, List<String>> args = new LinkedHashMap<>();
    args.put("events generate", List.of());
    args.put("events replay", List.of(file.toString(), "--input-format=user-behavior"));
    args.put("topic list", List.of());
    args.put("topic read", List.of("features-risk"));
    args.put("write run", memory);
    args.put("feature run", memory);
    args.put("forecast", List.of("--changes-topic=t", "--dimension=user"));
    List<Case> all = new ArrayList<>();
    args.forEach(
        (command, words) ->
            all.add(
                new Case(
                    new Reached(command, "--bootstrap", Absent.KAFKA),
                    how,
                    with(words, List.of("--bootstrap=" + address)))));
    return all;
  }

  /** Returns the commands that start servers and use the user's DynamoDB server beside them. */
  static List<Case> usersDynamoDb(String address, How how, Path folder) {
    Map<String, List<String>> args = new LinkedHashMap<>();
    args.put("compare", List.of("--out=" + folder.resolve("compare-" + how)));
    args.put("bench store", List.of("--subject=dynamodb"));
    args.put("bench job", List.of("--arms=dynamodb"));
    args.put("bench lookup", List.of("--arms=dynamodb"));
    args.put("bench cache", List.of());
    args.put("stack up", List.of("--only=dynamodb"));
    List<Case> all = new ArrayList<>();
    args.forEach(
        (command, words) ->
            all.add(
                new Case(
                    new Reached(command, "--dynamodb-endpoint", Absent.DYNAMODB),
                    how,
                    with(words, List.of("--dynamodb-endpoint=http://" + address)))));
    return all;
  }

  /** Returns the commands of which Flink is absent. */
  List<Case> flink(String address, How how) {
    List<String> run = List.of("--store=memory", INSTANCE + instance, "--bootstrap=" + CLOSED);
    Map<String, List<String>> args = new LinkedHashMap<>();
    args.put("write run", run);
    args.put("feature run", run);
    args.put(
        "migrate backfill",
        List.of(
            "--dimension=user",
            "--from=memory",
            "--from-option=instance=" + instance,
            "--to=memory",
            "--to-option=instance=" + instance + "-copy"));
    args.put("job list", List.of());
    args.put("job savepoint", List.of("features-both"));
    args.put("job stop", List.of("features-both"));
    args.put("job rescale", List.of("features-both", "--parallelism=2"));
    List<Case> all = new ArrayList<>();
    args.forEach(
        (command, words) ->
            all.add(
                new Case(
                    new Reached(command, "--cluster", Absent.FLINK),
                    how,
                    with(words, List.of("--cluster=http://" + address)))));
    return all;
  }

  /**
   * Returns the commands on one store of which a server is absent.
   *
   * @param options the options of the store, as name and value
   */
  static List<Case> store(Absent server, How how, List<String> options) {
    Map<String, List<String>> args = new LinkedHashMap<>();
    args.put("write run", List.of("--bootstrap=" + CLOSED));
    args.put("feature run", List.of("--bootstrap=" + CLOSED));
    if (server != Absent.REDIS) {
      args.put("forecast", List.of("--dimension=user"));
    }
    if (server != Absent.DYNAMODB) {
      args.put("write check", List.of());
      args.put("write repair", List.of());
    }
    List<Case> all = new ArrayList<>();
    args.forEach(
        (command, words) ->
            all.add(
                new Case(
                    new Reached(command, "--store", server),
                    how,
                    with(words, named("--store", "--store-option", server, options)))));
    return all;
  }

  /** Returns the steps of a migration from a store, of which a server is absent, to memory. */
  List<Case> from(Absent server, How how, List<String> options, Set<String> steps) {
    List<Case> all = new ArrayList<>();
    for (String step : steps) {
      // The state of a migration of its own for each case.
      String state = String.join("-", instance, server.name(), how.name(), step);
      List<String> to = List.of("--to=memory", "--to-option=instance=" + state);
      all.add(
          new Case(
              new Reached("migrate " + step, "--from", server),
              how,
              with(step(step), with(named("--from", "--from-option", server, options), to))));
    }
    return all;
  }

  /** Returns the steps of a migration from memory to a store, of which a server is absent. */
  List<Case> to(Absent server, How how, List<String> options, Set<String> steps) {
    List<Case> all = new ArrayList<>();
    for (String step : steps) {
      List<String> from = List.of("--from=memory", "--from-option=instance=" + instance);
      all.add(
          new Case(
              new Reached("migrate " + step, "--to", server),
              how,
              with(step(step), with(named("--to", "--to-option", server, options), from))));
    }
    return all;
  }

  private static List<String> step(String step) {
    List<String> args = new ArrayList<>(List.of("--dimension=user"));
    if (Set.of("shadow", "ramp").contains(step)) {
      args.add("--share=0.1");
    }
    if (step.equals("replay")) {
      args.add("--comparison=results.json");
    }
    return args;
  }

  /**
   * Returns the steps of a migration that the command line has, without the demo of all of them.
   */
  static Set<String> steps() {
    Set<String> steps = new LinkedHashSet<>(MigrateMain.commandLine().getSubcommands().keySet());
    steps.remove("demo");
    return steps;
  }

  static List<String> hbaseRedis(String zooKeeper, String redis) {
    return List.of(
        "zookeeper.quorum=" + zooKeeper,
        "redis.host=" + redis.substring(0, redis.indexOf(':')),
        "redis.port=" + redis.substring(redis.indexOf(':') + 1));
  }

  static List<String> dynamoDb(String address) {
    return List.of(
        "region=us-east-1", "endpoint=http://" + address, "access-key=a", "secret-key=s");
  }

  private static List<String> named(
      String store, String option, Absent server, List<String> options) {
    return with(
        List.of(store + "=" + (server == Absent.DYNAMODB ? "dynamodb" : "hbase-redis")),
        options.stream().map(each -> option + "=" + each).toList());
  }

  private static List<String> with(List<String> some, List<String> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }

  private static void createTables(String instance) {
    try (DimensionStore store =
        DimensionStores.open(
            "memory", Map.of("instance", instance), StoreMetrics.NONE, InstantSource.system())) {
      create(
          store,
          "dim_user",
          new Column("user_id", DataType.STRING),
          new Column("country", DataType.STRING),
          new Column("level", DataType.Simple.INT));
      create(
          store,
          "dim_item",
          new Column("item_id", DataType.STRING),
          new Column("title", DataType.STRING),
          new Column("category", DataType.STRING),
          new Column("list_price", DataType.Simple.BIGINT));
    }
  }

  private static void create(DimensionStore store, String table, Column... columns) {
    store
        .createIfAbsent(new TableSpec(table, List.of(columns), List.of(columns[0].name())))
        .toCompletableFuture()
        .join();
  }
}
