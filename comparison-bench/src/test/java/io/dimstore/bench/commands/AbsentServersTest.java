// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.bench.BenchMain;
import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.KafkaOptions;
import io.dimstore.events.EventsMain;
import io.dimstore.events.topic.TopicMain;
import io.dimstore.features.FeatureMain;
import io.dimstore.forecast.ForecastMain;
import io.dimstore.jobs.StoreCalls;
import io.dimstore.jobs.sql.StorePreflight;
import io.dimstore.memory.MemoryStores;
import io.dimstore.migration.MigrateMain;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.command.StackMain;
import io.dimstore.stack.dynamodb.ServerAddress;
import io.dimstore.writer.WriterMain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * Runs every command that needs a server against two addresses: at the first nothing listens, the
 * second accepts connections and never answers. Some commands run at the same time, since they
 * mostly wait.
 */
@Timeout(60)
class AbsentServersTest {

  /** A listener whose connections the operating system accepts, and nobody reads. */
  private static ServerSocket silent;

  private static final int AT_ONCE = 8;
  private static final String INSTANCE = UUID.randomUUID().toString();

  @TempDir private static Path folder;

  private static ExecutorService commands;
  private static final Map<String, Future<Run>> RUNS = new LinkedHashMap<>();

  private record Run(int exitCode, String err) {}

  /** The kind of server that is absent. */
  private enum Absent {
    KAFKA("Kafka"),
    DYNAMODB("DynamoDB"),
    HBASE("HBase");

    private final String name;

    Absent(String name) {
      this.name = name;
    }

    List<String> storeOptions(String address) {
      return this == DYNAMODB
          ? List.of(
              "--store=dynamodb",
              "--store-option=region=us-east-1",
              "--store-option=endpoint=http://" + address,
              "--store-option=access-key=a",
              "--store-option=secret-key=s")
          : List.of(
              "--store=hbase-redis",
              "--store-option=zookeeper.quorum=" + address,
              "--store-option=redis.host=127.0.0.1",
              "--store-option=redis.port=1");
    }
  }

  private record Case(
      String name, Absent absent, Supplier<CommandLine> program, List<String> args) {}

  @BeforeAll
  static void startAll() throws Exception {
    silent = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
    createTables();
    List<Case> cases = new ArrayList<>();
    for (String address : List.of("127.0.0.1:1", "127.0.0.1:" + silent.getLocalPort())) {
      String at = address.endsWith(":1") ? " (closed)" : " (silent)";
      cases.addAll(ofKafka(at, address));
      for (Absent store : List.of(Absent.DYNAMODB, Absent.HBASE)) {
        cases.addAll(ofStore(at, address, store));
      }
      cases.addAll(ofUsersDynamoDb(at, address));
      cases.addAll(ofMigration(at, address));
    }
    commands = Executors.newFixedThreadPool(AT_ONCE);
    for (Case one : cases) {
      RUNS.put(one.absent.name + " absent: " + one.name, commands.submit(() -> run(one)));
    }
  }

  @AfterAll
  static void stop() throws Exception {
    commands.shutdownNow();
    silent.close();
    MemoryStores.clear(INSTANCE);
  }

  static Stream<String> names() {
    return RUNS.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void anAbsentServerIsReportedInOneLine(String name) throws Exception {
    Run run = RUNS.get(name).get();
    assertThat(run.err)
        .startsWith("error: ")
        .containsIgnoringCase(name.substring(0, name.indexOf(' ')))
        .doesNotContain("\tat ")
        .hasLineCount(1);
    assertThat(run.exitCode).isEqualTo(ExitCodes.FAILED);
  }

  /**
   * Adds up what a command waits for before it reports an absent server. Kafka and the store are
   * asked at the same time. How long a test machine takes for it says nothing.
   */
  @Test
  void theTimeoutsOfTheFirstContactAreWithinTenSeconds() {
    Duration most = Duration.ofSeconds(10);
    assertThat(KafkaOptions.PATIENCE).isLessThan(most);
    assertThat(StoreCalls.PATIENCE).isLessThan(most);
    assertThat(StorePreflight.LIMIT).isLessThan(most);
    assertThat(ServerAddress.LIMIT).isLessThan(most);
  }

  private static List<Case> ofKafka(String at, String address) throws Exception {
    Path file = Files.writeString(folder.resolve("behavior.csv"), "1,2,3,pv,10\n");
    String bootstrap = "--bootstrap=" + address;
    String instance = "--store-option=instance=" + INSTANCE;
    return List.of(
        new Case(
            "events generate" + at,
            Absent.KAFKA,
            EventsMain::commandLine,
            List.of("generate", bootstrap)),
        new Case(
            "events replay" + at,
            Absent.KAFKA,
            EventsMain::commandLine,
            List.of("replay", file.toString(), "--input-format=user-behavior", bootstrap)),
        new Case(
            "topic list" + at, Absent.KAFKA, TopicMain::commandLine, List.of("list", bootstrap)),
        new Case(
            "topic read" + at,
            Absent.KAFKA,
            TopicMain::commandLine,
            List.of("read", "features-risk", bootstrap)),
        new Case(
            "write run" + at,
            Absent.KAFKA,
            WriterMain::commandLine,
            List.of("run", bootstrap, "--store=memory", instance)),
        new Case(
            "feature run" + at,
            Absent.KAFKA,
            FeatureMain::commandLine,
            List.of("run", bootstrap, "--store=memory", instance)),
        new Case(
            "forecast" + at,
            Absent.KAFKA,
            ForecastMain::commandLine,
            List.of(bootstrap, "--changes-topic=t", "--dimension=user")));
  }

  /** Returns the commands that start servers and use the user's DynamoDB server beside them. */
  private static List<Case> ofUsersDynamoDb(String at, String address) {
    String endpoint = "--dynamodb-endpoint=http://" + address;
    return List.of(
        new Case(
            "compare" + at,
            Absent.DYNAMODB,
            BenchMain::commandLine,
            List.of("compare", endpoint, "--out=" + folder.resolve("compare"))),
        new Case(
            "stack up" + at,
            Absent.DYNAMODB,
            StackMain::commandLine,
            List.of("up", "--only=dynamodb", endpoint)));
  }

  private static List<Case> ofStore(String at, String address, Absent store) {
    List<Case> cases = new ArrayList<>();
    cases.add(
        ofStore(
            "write run" + at,
            address,
            store,
            WriterMain::commandLine,
            "run",
            "--bootstrap=127.0.0.1:1"));
    cases.add(
        ofStore(
            "feature run" + at,
            address,
            store,
            FeatureMain::commandLine,
            "run",
            "--bootstrap=127.0.0.1:1"));
    cases.add(
        ofStore("forecast" + at, address, store, ForecastMain::commandLine, "--dimension=user"));
    if (store == Absent.HBASE) { // the other store has no cache to check
      for (String command : List.of("check", "repair")) {
        cases.add(
            ofStore("write " + command + at, address, store, WriterMain::commandLine, command));
      }
    }
    return cases;
  }

  /** The steps of a migration to a store that is absent. */
  private static List<Case> ofMigration(String at, String address) {
    List<Case> cases = new ArrayList<>();
    for (String command : List.of("plan", "status", "start", "backfill", "verify")) {
      List<String> args = new ArrayList<>(List.of(command, "--dimension=user", "--from=memory"));
      args.addAll(List.of("--from-option=instance=" + INSTANCE, "--to=dynamodb"));
      Absent.DYNAMODB.storeOptions(address).stream()
          .filter(option -> option.startsWith("--store-option="))
          .forEach(option -> args.add(option.replace("--store-option=", "--to-option=")));
      cases.add(
          new Case("migrate " + command + at, Absent.DYNAMODB, MigrateMain::commandLine, args));
    }
    return cases;
  }

  private static Case ofStore(
      String name, String address, Absent store, Supplier<CommandLine> program, String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(store.storeOptions(address));
    return new Case(name, store, program, all);
  }

  private static Run run(Case one) {
    StringWriter err = new StringWriter();
    int exitCode =
        one.program
            .get()
            .setErr(new PrintWriter(err, true))
            .execute(one.args.toArray(String[]::new));
    return new Run(exitCode, err.toString());
  }

  /** Creates the dimensions, so that only Kafka is absent. */
  private static void createTables() {
    try (DimensionStore store =
        DimensionStores.open(
            "memory", Map.of("instance", INSTANCE), StoreMetrics.NONE, InstantSource.system())) {
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
