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
import io.dimstore.stack.LocalStack;
import io.dimstore.stack.job.JobMain;
import io.dimstore.writer.WriterMain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import picocli.CommandLine;

/**
 * The writer and the feature job on the Flink cluster of a stack, with generated events and with
 * the rows that the job has to commit for them.
 */
final class JobsOnCluster {

  private final LocalStack stack;
  private final InputData input;
  private final Expected expected;

  /** A command that has ended. */
  record Run(int exit, String out, String err) {}

  JobsOnCluster(LocalStack stack, int events) {
    this.stack = stack;
    Progress silent = new Progress(new PrintWriter(Writer.nullWriter()));
    input =
        InputData.read(
            GeneratedInput.of(GeneratorOptions.defaults().withSeed(7).withCount(events)), silent);
    expected = Expected.of(input, ArmSql.LATENESS, silent);
  }

  /** Sends the changes of the dimensions, and writes them with a job on the cluster. */
  Run writeDimensions() {
    sendChanges();
    return run(
        WriterMain.commandLine(), onCluster("run", "--bounded", "--follow", "--parallelism=2"));
  }

  /** Sends the changes of the dimensions, and writes them with a job in this process. */
  Run writeDimensionsHere() {
    sendChanges();
    return run(WriterMain.commandLine(), onServers("run", "--bounded"));
  }

  private void sendChanges() {
    try (EventFeed feed = new EventFeed(stack.kafka().bootstrapServers())) {
      feed.changes(input.changes());
    }
  }

  /** Submits the feature job, whose committed rows are exact. */
  Run submitFeatures(String... more) {
    List<String> words = new ArrayList<>(List.of(onCluster("run")));
    words.add("--exactly-once");
    words.add("--checkpoint-interval=500ms");
    words.addAll(List.of(more));
    return run(FeatureMain.commandLine(), words.toArray(String[]::new));
  }

  /** Runs a {@code job} command. */
  Run job(String... arguments) {
    List<String> words = new ArrayList<>(List.of(arguments));
    words.add(cluster());
    return run(JobMain.commandLine(), words.toArray(String[]::new));
  }

  private String[] onCluster(String... more) {
    List<String> words = new ArrayList<>(List.of(onServers(more)));
    words.add(cluster());
    return words.toArray(String[]::new);
  }

  private String[] onServers(String... more) {
    List<String> words = new ArrayList<>(List.of(more));
    words.add("--bootstrap=" + stack.kafka().bootstrapServers());
    words.add("--store=dynamodb");
    dynamoDbOptions().forEach((name, value) -> words.add("--store-option=" + name + "=" + value));
    return words.toArray(String[]::new);
  }

  Map<String, String> dynamoDbOptions() {
    return Map.of(
        "endpoint", stack.endpoint("dynamodb").address(),
        "region", stack.dynamoDb().region(),
        "access-key", stack.endpoint("dynamodb").setting("access-key"),
        "secret-key", stack.endpoint("dynamodb").setting("secret-key"));
  }

  String cluster() {
    return "--cluster=" + stack.flink().address();
  }

  void send(int from, int to) {
    try (EventFeed feed = new EventFeed(stack.kafka().bootstrapServers())) {
      feed.bulk("events", input.events().subList(from, to));
    }
  }

  /** Waits until the features of the first events are committed. */
  void awaitFeatures(int events) throws Exception {
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

  /** Asserts that the committed rows are those of the oracle, each once. */
  void assertFeaturesAreExact() {
    assertThat(committed("features-risk"))
        .containsExactlyInAnyOrderElementsOf(texts(expected.risk()));
    assertThat(committed("features-marketing"))
        .containsExactlyInAnyOrderElementsOf(texts(expected.marketing()));
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

  static Run run(CommandLine command, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(args);
    return new Run(exit, out.toString(), err.toString());
  }

  static void await(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("still not true after three minutes: " + what);
      }
      LockSupport.parkNanos(100_000_000);
    }
  }
}
