// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.bench.compare.oracle.Expected;
import io.dimstore.bench.compare.oracle.InputData;
import io.dimstore.bench.compare.process.ArmSql;
import io.dimstore.bench.compare.run.EventFeed;
import io.dimstore.cli.Progress;
import io.dimstore.events.generate.GeneratedInput;
import io.dimstore.events.generate.GeneratorOptions;
import io.dimstore.features.FeatureMain;
import io.dimstore.jobs.sql.Dimensions;
import io.dimstore.migration.MigrateMain;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStack;
import io.dimstore.stack.StackOptions;
import io.dimstore.stack.job.JobMain;
import io.dimstore.writer.WriterMain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * The writer, the feature job and a backfill on a Flink cluster whose JobManager and TaskManager
 * are processes of their own.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterIT {

  private static final int EVENTS = 2_000;

  @TempDir private static Path folder;

  private static LocalStack stack;
  private static InputData input;
  private static Expected expected;

  private record Run(int exit, String out, String err) {}

  @BeforeAll
  static void startServersAndWriteDimensions() {
    stack = LocalStack.start(StackOptions.of("flink", "kafka", "dynamodb"));
    Progress silent = new Progress(new PrintWriter(Writer.nullWriter()));
    input =
        InputData.read(
            GeneratedInput.of(GeneratorOptions.defaults().withSeed(7).withCount(EVENTS)), silent);
    expected = Expected.of(input, ArmSql.LATENESS, silent);
  }

  @AfterAll
  static void endServers() {
    if (stack != null) {
      stack.close();
    }
  }

  @Test
  @Order(1)
  void writerOnTheClusterWritesAllRowsAndPrintsItsCounts() {
    try (EventFeed feed = new EventFeed(stack.kafka().bootstrapServers())) {
      feed.changes(input.changes());
      feed.bulk("events", input.events().subList(0, EVENTS / 4));
    }

    Run run =
        run(WriterMain.commandLine(), onCluster("run", "--bounded", "--follow", "--parallelism=2"));

    assertThat(run.exit).as(run.err).isZero();
    assertThat(run.out)
        .containsPattern(
            "(?m)^[0-9a-f]{32}  "
                + stack.flink().address()
                + "/#/job/running/[0-9a-f]{32}/overview$")
        .containsPattern("(?m)^user +[0-9,]+ ")
        .containsPattern("(?m)^item +[0-9,]+ ");
    assertThat(run(JobMain.commandLine(), "list", "--ended", cluster()).out)
        .containsPattern("FINISHED .* dim-writer");
  }

  @Test
  @Order(2)
  void featuresAreExactThoughTheTaskManagerIsKilledAndTheJobRescaledStoppedAndContinued()
      throws Exception {
    Run submitted = run(FeatureMain.commandLine(), features());
    assertThat(submitted.exit).as(submitted.err).isZero();
    awaitFeatures(EVENTS / 4);

    ProcessHandle killed = taskManager();
    killed.destroyForcibly();
    killed.onExit().get(1, TimeUnit.MINUTES);
    send(EVENTS / 4, EVENTS / 2);
    awaitFeatures(EVENTS / 2);
    assertThat(taskManager()).isNotEqualTo(killed);

    Run rescaled =
        run(JobMain.commandLine(), "rescale", "features-both", "--parallelism=2", cluster());
    assertThat(rescaled.out).as(rescaled.err).contains(" runs with parallelism 2");
    assertThat(run(JobMain.commandLine(), "list", cluster()).out)
        .containsPattern("RUNNING +2 .* features-both");
    send(EVENTS / 2, EVENTS * 3 / 4);

    Run saved = run(JobMain.commandLine(), "savepoint", "features-both", cluster());
    assertThat(saved.exit).as(saved.err).isZero();
    assertThat(Path.of(URI.create(saved.out.strip()))).isDirectory();
    Run stopped = run(JobMain.commandLine(), "stop", "features-both", cluster());
    assertThat(stopped.exit).as(stopped.err).isZero();
    send(EVENTS * 3 / 4, EVENTS);

    Run continued =
        run(FeatureMain.commandLine(), features("--from-savepoint", stopped.out.strip()));
    assertThat(continued.exit).as(continued.err).isZero();
    awaitFeatures(EVENTS);
    assertThat(run(JobMain.commandLine(), "stop", "features-both", cluster()).exit).isZero();

    assertThat(committed("features-risk"))
        .containsExactlyInAnyOrderElementsOf(texts(expected.risk()));
    assertThat(committed("features-marketing"))
        .containsExactlyInAnyOrderElementsOf(texts(expected.marketing()));
  }

  /** The ledger, not Flink, knows the progress: nothing is lost, and no entry is counted twice. */
  @Test
  @Order(3)
  void backfillOnTheClusterIsWholeThoughTheTaskManagerIsKilled() throws Exception {
    int rows = 6_000;
    Path sql = folder.resolve("copied.sql");
    Files.writeString(
        sql,
        "CREATE TABLE dim_copied (id STRING, level BIGINT, PRIMARY KEY (id) NOT ENFORCED)"
            + " WITH (${dim_copied.options})");
    TableSpec source = Dimensions.in(sql).get(0).storedAs("copied_from", Map.of());
    TableSpec target = Dimensions.in(sql).get(0).storedAs("copied_to", Map.of());
    try (DimensionStore store =
        DimensionStores.open(
            "dynamodb", dynamoDbOptions(), StoreMetrics.NONE, InstantSource.system())) {
      store.createIfAbsent(source).toCompletableFuture().join();
      for (int from = 0; from < rows; from += 500) {
        List<Change> page =
            IntStream.range(from, from + 500)
                .<Change>mapToObj(i -> new Put(Key.of("k" + i), Row.of((long) i), 1_000L + i))
                .toList();
        store.table(source).write(page).toCompletableFuture().join();
      }
      CompletableFuture<Run> copy =
          CompletableFuture.supplyAsync(
              () ->
                  run(
                      MigrateMain.commandLine(),
                      copied(
                          sql,
                          "backfill",
                          cluster(),
                          "--follow",
                          "--processes=2",
                          "--rows-per-second=300",
                          "--batch=100",
                          "--lease=3s",
                          "--impact-factor=0")));
      await("rows are copied", () -> copy.isDone() || isCopied(store, target));
      assertThat(copy).isNotDone();
      ProcessHandle killed = taskManager();
      killed.destroyForcibly();
      killed.onExit().get(1, TimeUnit.MINUTES);

      Run copied = copy.get(5, TimeUnit.MINUTES);
      assertThat(copied.exit).as(copied.err).isZero();
      assertThat(copied.out)
          .contains("6,000 rows and 0 tombstones copied, 0 unreadable, 0 refused")
          .containsPattern("(?m)^[0-9a-f]{32}  " + stack.flink().address());
    }
    Run verified = run(MigrateMain.commandLine(), copied(sql, "verify", "--impact-factor=0"));
    assertThat(verified.exit).as(verified.out + verified.err).isZero();
    assertThat(verified.out).contains("6,000 rows = 6,000 equal");
    assertThat(run(JobMain.commandLine(), "list", "--ended", cluster()).out)
        .containsPattern("FINISHED .* backfill copied_from");
  }

  private static boolean isCopied(DimensionStore store, TableSpec target) {
    List<Key> keys = IntStream.range(0, 300).mapToObj(i -> Key.of("k" + i)).toList();
    try {
      return store.table(target).get(keys, target.all()).toCompletableFuture().join().stream()
          .anyMatch(Objects::nonNull);
    } catch (CompletionException e) {
      // The command has not created the table yet.
      return false;
    }
  }

  private static String[] copied(Path sql, String command, String... more) {
    List<String> words = new ArrayList<>(List.of(command, "--sql=" + sql));
    words.addAll(List.of("--from=dynamodb", "--from-table=copied_from"));
    words.addAll(List.of("--to=dynamodb", "--to-table=copied_to"));
    dynamoDbOptions()
        .forEach(
            (name, value) -> {
              words.add("--from-option=" + name + "=" + value);
              words.add("--to-option=" + name + "=" + value);
            });
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  private static ProcessHandle taskManager() throws Exception {
    await("the TaskManager runs", () -> !stack.flink().taskManagers().isEmpty());
    return stack.flink().taskManagers().values().iterator().next();
  }

  private static String[] features(String... more) {
    List<String> words = new ArrayList<>(List.of(onCluster("run")));
    words.add("--exactly-once");
    words.add("--checkpoint-interval=500ms");
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  private static String[] onCluster(String... more) {
    List<String> words = new ArrayList<>(List.of(more));
    words.add(cluster());
    words.add("--bootstrap=" + stack.kafka().bootstrapServers());
    words.add("--store=dynamodb");
    dynamoDbOptions().forEach((name, value) -> words.add("--store-option=" + name + "=" + value));
    return words.toArray(String[]::new);
  }

  private static Map<String, String> dynamoDbOptions() {
    return Map.of(
        "endpoint", stack.endpoint("dynamodb").address(),
        "region", stack.dynamoDb().region(),
        "access-key", stack.endpoint("dynamodb").setting("access-key"),
        "secret-key", stack.endpoint("dynamodb").setting("secret-key"));
  }

  private static String cluster() {
    return "--cluster=" + stack.flink().address();
  }

  private static void send(int from, int to) {
    try (EventFeed feed = new EventFeed(stack.kafka().bootstrapServers())) {
      feed.bulk("events", input.events().subList(from, to));
    }
  }

  /** Waits until the features of the first events are committed. */
  private static void awaitFeatures(int events) throws Exception {
    long count =
        input.events().subList(0, events).stream()
            .filter(event -> expected.risk().containsKey(eventId(event.value())))
            .count();
    await(
        count + " rows are committed",
        () ->
            committed("features-risk").size() >= count
                && committed("features-marketing").size() >= count);
  }

  private static String eventId(byte[] json) {
    Matcher id =
        Pattern.compile("\"event_id\":\"([^\"]+)\"")
            .matcher(new String(json, StandardCharsets.UTF_8));
    assertThat(id.find()).isTrue();
    return id.group(1);
  }

  private static List<String> texts(Map<String, byte[]> rows) {
    return rows.values().stream().map(row -> new String(row, StandardCharsets.UTF_8)).toList();
  }

  private static List<String> committed(String topic) {
    List<String> values = new ArrayList<>();
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            stack.kafka().bootstrapServers(),
            "isolation.level",
            "read_committed");
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
          values.add(record.value());
        }
      }
    }
    return values;
  }

  private static Run run(CommandLine command, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(args);
    return new Run(exit, out.toString(), err.toString());
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("still not true after three minutes: " + what);
      }
      LockSupport.parkNanos(100_000_000);
    }
  }
}
