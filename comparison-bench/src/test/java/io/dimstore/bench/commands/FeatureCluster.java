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
import io.dimstore.jobs.run.RunEnvironment;
import io.dimstore.stack.LocalStack;
import io.dimstore.stack.StackOptions;
import io.dimstore.stack.job.JobMain;
import io.dimstore.writer.WriterMain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import picocli.CommandLine;

/**
 * The feature job on a Flink cluster of a local stack: its input, its commands, and the rows that
 * it has committed, with those that the oracle expects.
 */
final class FeatureCluster implements AutoCloseable {

  private final LocalStack stack;
  private final InputData input;
  private final Expected expected;
  private final String prefix;

  /** What a command has printed. */
  record Run(int exit, String out, String err) {}

  private FeatureCluster(LocalStack stack, InputData input, Expected expected, String prefix) {
    this.stack = stack;
    this.input = input;
    this.expected = expected;
    this.prefix = prefix;
  }

  /** Starts the servers, and generates this number of events. */
  static FeatureCluster start(StackOptions servers, int events) {
    Progress silent = new Progress(new PrintWriter(Writer.nullWriter()));
    InputData input =
        InputData.read(
            GeneratedInput.of(GeneratorOptions.defaults().withSeed(7).withCount(events)), silent);
    Expected expected = Expected.of(input, ArmSql.LATENESS, silent);
    return new FeatureCluster(LocalStack.start(servers), input, expected, "");
  }

  /**
   * Returns the same cluster with the same input for jobs that have topics of their own, whose
   * names begin with this prefix.
   */
  FeatureCluster withTopics(String prefix) {
    return new FeatureCluster(stack, input, expected, prefix);
  }

  LocalStack stack() {
    return stack;
  }

  /** Sends all changes of the dimensions. */
  void sendChanges() {
    try (EventFeed feed = new EventFeed(stack.kafka().bootstrapServers())) {
      feed.changes(input.changes());
    }
  }

  /** Sends the events from one position up to another one. */
  void sendEvents(int from, int to) {
    try (EventFeed feed = new EventFeed(stack.kafka().bootstrapServers())) {
      feed.bulk(prefix + "events", input.events().subList(from, to));
    }
  }

  /** Runs {@code write run} on the cluster. */
  Run write(String store, String... more) {
    return run(
        WriterMain.commandLine(), onCluster(store, List.of("--group=writer-" + store), more));
  }

  /** Runs {@code write run} in this process. */
  Run writeHere(String store) {
    List<String> words = new ArrayList<>(List.of("run", "--bounded"));
    words.addAll(servers(store));
    return run(WriterMain.commandLine(), words.toArray(String[]::new));
  }

  /** Runs {@code feature run} on the cluster, exactly once and with frequent checkpoints. */
  Run features(String store, String... more) {
    return run(
        FeatureMain.commandLine(),
        onCluster(
            store,
            List.of(
                "--exactly-once",
                "--checkpoint-interval=500ms",
                "--group=" + prefix + "features",
                "--events-topic=" + prefix + "events",
                "--risk-topic=" + risk(),
                "--marketing-topic=" + marketing()),
            more));
  }

  /** Scans the table of users in a job of its own, and returns the number of rows. */
  int scanUsers(String store) throws Exception {
    StreamTableEnvironment env =
        StreamTableEnvironment.create(RunEnvironment.of(URI.create(stack.flink().address()), null));
    StringBuilder options = new StringBuilder();
    storeOptions(store)
        .forEach((name, value) -> options.append(", '%s.%s' = '%s'".formatted(store, name, value)));
    env.executeSql(
        "CREATE TABLE dim_user (user_id STRING, country STRING, `level` INT,"
            + " PRIMARY KEY (user_id) NOT ENFORCED) WITH ('connector' = 'dim', 'store' = '"
            + store
            + "', 'table' = 'dim_user'"
            + options
            + ")");
    int rows = 0;
    try (CloseableIterator<Row> users = env.executeSql("SELECT user_id FROM dim_user").collect()) {
      while (users.hasNext()) {
        users.next();
        rows++;
      }
    }
    return rows;
  }

  /** Runs a command about the jobs of the cluster. */
  Run job(String... args) {
    List<String> words = new ArrayList<>(List.of(args));
    words.add(cluster());
    return run(JobMain.commandLine(), words.toArray(String[]::new));
  }

  /** Returns the option that names the cluster. */
  String cluster() {
    return "--cluster=" + stack.flink().address();
  }

  private String risk() {
    return prefix + "features-risk";
  }

  private String marketing() {
    return prefix + "features-marketing";
  }

  private String[] onCluster(String store, List<String> options, String... more) {
    List<String> words = new ArrayList<>(List.of("run"));
    words.addAll(options);
    words.addAll(List.of(more));
    words.add(cluster());
    words.addAll(servers(store));
    return words.toArray(String[]::new);
  }

  private List<String> servers(String store) {
    List<String> words = new ArrayList<>();
    words.add("--bootstrap=" + stack.kafka().bootstrapServers());
    words.add("--store=" + store);
    storeOptions(store).forEach((name, value) -> words.add("--store-option=" + name + "=" + value));
    return words;
  }

  /** Returns the options with which a store reaches the servers of the stack. */
  Map<String, String> storeOptions(String store) {
    if (store.equals("dynamodb")) {
      return Map.of(
          "endpoint", stack.dynamoDb().address(),
          "region", stack.dynamoDb().region(),
          "access-key", stack.dynamoDb().accessKeyId(),
          "secret-key", stack.dynamoDb().secretAccessKey());
    }
    return Map.of(
        "zookeeper.quorum", stack.hbase().address(),
        "redis.host", stack.redis().host(),
        "redis.port", Integer.toString(stack.redis().port()));
  }

  /** Returns the process of the first TaskManager; waits until there is one. */
  ProcessHandle taskManager() throws Exception {
    await("the TaskManager runs", () -> !stack.flink().taskManagers().isEmpty());
    return stack.flink().taskManagers().values().iterator().next();
  }

  /** Kills the first TaskManager as {@code kill -9} does. */
  ProcessHandle killTaskManager() throws Exception {
    ProcessHandle killed = taskManager();
    killed.destroyForcibly();
    killed.onExit().get(1, TimeUnit.MINUTES);
    return killed;
  }

  /** Waits until the features of the first events are committed. */
  void awaitFeatures(int events) throws Exception {
    int count = first(events, expected.risk()).size();
    await(
        count + " rows are committed",
        () -> committed(risk()).size() >= count && committed(marketing()).size() >= count);
  }

  /** Asserts that all rows of the first events are committed once, and no other rows. */
  void assertExact(int events) {
    assertThat(committed(risk()))
        .containsExactlyInAnyOrderElementsOf(first(events, expected.risk()));
    assertThat(committed(marketing()))
        .containsExactlyInAnyOrderElementsOf(first(events, expected.marketing()));
  }

  /** Returns the rows of the first events. */
  private List<String> first(int events, Map<String, byte[]> rows) {
    return input.events().subList(0, events).stream()
        .map(event -> rows.get(eventId(event.value())))
        .filter(Objects::nonNull)
        .map(row -> new String(row, StandardCharsets.UTF_8))
        .toList();
  }

  private static String eventId(byte[] json) {
    Matcher id =
        Pattern.compile("\"event_id\":\"([^\"]+)\"")
            .matcher(new String(json, StandardCharsets.UTF_8));
    assertThat(id.find()).isTrue();
    return id.group(1);
  }

  private List<String> committed(String topic) {
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

  /** Runs a command. */
  static Run run(CommandLine command, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(args);
    return new Run(exit, out.toString(), err.toString());
  }

  /** Waits up to three minutes for a condition. */
  static void await(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("still not true after three minutes: " + what);
      }
      LockSupport.parkNanos(100_000_000);
    }
  }

  @Override
  public void close() {
    stack.close();
  }
}
