// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.dimstore.events.EventsMain;
import io.dimstore.events.Inputs;
import io.dimstore.events.generate.GeneratedInput;
import io.dimstore.events.generate.GeneratorOptions;
import io.dimstore.events.input.EventInput;
import io.dimstore.events.input.EventReader;
import io.dimstore.events.record.Event;
import io.dimstore.events.record.EventStreamException;
import io.dimstore.events.record.EventType;
import io.dimstore.events.record.ItemChange;
import io.dimstore.events.record.JsonEncoder;
import io.dimstore.events.record.RefusedLine;
import io.dimstore.events.record.StreamRecord;
import io.dimstore.events.replay.FileInput;
import io.dimstore.events.replay.ReplayFormat;
import io.dimstore.events.transfer.Transfer;
import io.dimstore.events.transfer.TransferPace;
import io.dimstore.events.transfer.TransferReport;
import io.dimstore.stack.LocalStackExtension;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TopicWriterIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("kafka");

  private static final Duration DEADLINE = Duration.ofSeconds(30);

  @TempDir Path directory;

  private TopicOptions options;

  @BeforeEach
  void useTopicsOfItsOwn(TestInfo test) {
    String name = test.getTestMethod().orElseThrow().getName();
    options =
        TopicOptions.at(stack.kafka().bootstrapServers())
            .withTopics(name + "-events", name + "-users", name + "-items", name + "-refused");
  }

  @Test
  void everyRecordArrivesOnceInOrderUnderItsKey() {
    EventInput input = GeneratedInput.of(GeneratorOptions.defaults().withCount(20_000));
    Inputs inputs = Inputs.readAll(input);
    TransferReport report = transfer(input, options, new TransferPace.Unpaced());

    assertThat(report.input()).isEqualTo(inputs.report());
    assertArrivedOnceInOrder(options.events(), inputs.events());
    assertArrivedOnceInOrder(options.userChanges(), inputs.userChanges());
    assertArrivedOnceInOrder(options.itemChanges(), inputs.itemChanges());
    assertThat(readAll(options.refused())).isEmpty();
  }

  private void assertArrivedOnceInOrder(String topic, List<? extends StreamRecord> records) {
    JsonEncoder encoder = new JsonEncoder();
    Map<String, List<String>> expected = new HashMap<>();
    for (StreamRecord record : records) {
      expected
          .computeIfAbsent(record.key(), key -> new ArrayList<>())
          .add(new String(encoder.value(record), StandardCharsets.UTF_8));
    }
    Map<String, List<String>> arrived = new HashMap<>();
    List<ConsumerRecord<byte[], byte[]>> consumed = readAll(topic);
    for (ConsumerRecord<byte[], byte[]> record : consumed) {
      arrived
          .computeIfAbsent(text(record.key()), key -> new ArrayList<>())
          .add(text(record.value()));
      assertThat(record.partition()).isEqualTo(Utils.toPositive(Utils.murmur2(record.key())) % 4);
    }
    assertThat(consumed).hasSameSizeAs(records);
    assertThat(arrived).isEqualTo(expected);
    assertThat(consumed.stream().map(ConsumerRecord::partition).distinct()).hasSize(4);
  }

  @Test
  void refusedLinesAreKeptInATopic() throws IOException {
    Path file = Files.writeString(directory.resolve("f"), "1,2,3,pv,10\nbroken \"line\"\n");
    transfer(
        FileInput.of(file, ReplayFormat.USER_BEHAVIOR, FileInput.ALL),
        options,
        new TransferPace.Unpaced());

    assertThat(readAll(options.refused()))
        .singleElement()
        .satisfies(
            record -> {
              assertThat(text(record.key())).isEqualTo("2");
              assertThat(text(record.value()))
                  .isEqualTo(
                      "{\"line\":2,\"reason\":\"unreadable-line\",\"raw\":\"broken \\\"line\\\"\"}");
            });
  }

  @Test
  void recordsHaveTheRequestedTimestamp() {
    Event event = new Event("e", "u", "i", EventType.BUY, 1, 5, 1_300_000_000_000L);
    long before = System.currentTimeMillis();
    for (TopicOptions.Timestamps timestamps : TopicOptions.Timestamps.values()) {
      try (TopicWriter writer = TopicWriter.open(options.withTimestamps(timestamps))) {
        writer.write(event, 1_400_000_000_000L);
      }
    }

    List<ConsumerRecord<byte[], byte[]>> records = readAll(options.events());
    assertThat(records.get(0).timestamp()).isBetween(before, System.currentTimeMillis());
    assertThat(records.get(1).timestamp()).isEqualTo(1_400_000_000_000L);
    assertThat(records.get(2).timestamp()).isEqualTo(1_300_000_000_000L);
  }

  @Test
  void aRateSpreadsTheEventsOverTime() {
    EventInput input = GeneratedInput.of(GeneratorOptions.defaults().withCount(101));
    TransferReport report =
        transfer(
            input,
            options.withTimestamps(TopicOptions.Timestamps.INTENDED),
            new TransferPace.Rate(200));

    assertThat(report.elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(500));
    assertThat(report.lag()).isPresent();
    List<Long> times =
        readAll(options.events()).stream().map(ConsumerRecord::timestamp).sorted().toList();
    assertThat(times.get(100) - times.get(0)).isEqualTo(500);
    assertThat(times.get(51) - times.get(0)).isEqualTo(255);
  }

  @Test
  void topicsThatExistStayAsTheyAre() throws Exception {
    try (Admin admin = admin()) {
      NewTopic topic = new NewTopic(options.events(), Optional.of(2), Optional.empty());
      admin.createTopics(List.of(topic)).all().get();
      TopicWriter.open(options.withPartitions(3)).close();

      assertThat(partitions(admin, options.events())).isEqualTo(2);
      assertThat(partitions(admin, options.itemChanges())).isEqualTo(3);
    }
  }

  @Test
  void withoutATopicForRefusedLinesNoneIsCreatedOrUsed() throws Exception {
    TopicOptions without =
        options.withTopics(options.events(), options.userChanges(), options.itemChanges(), null);
    try (TopicWriter writer = TopicWriter.open(without);
        Admin admin = admin()) {
      assertThat(admin.listTopics().names().get()).doesNotContain(options.refused());
      assertThatIllegalStateException()
          .isThrownBy(() -> writer.refuse(new RefusedLine(1, "unreadable-line", "")));
    }
  }

  @Test
  void recordThatTheBrokerRefusesFailsTheTransfer() throws Exception {
    try (Admin admin = admin()) {
      NewTopic topic =
          new NewTopic(options.itemChanges(), Optional.of(1), Optional.empty())
              .configs(Map.of("max.message.bytes", "1000"));
      admin.createTopics(List.of(topic)).all().get();
    }
    TopicWriter writer = TopicWriter.open(options);
    writer.write(ItemChange.upsert("i", "t".repeat(5_000), null, null, 1, 1), 1);

    assertThatExceptionOfType(EventStreamException.class)
        .isThrownBy(writer::flush)
        .withMessageContaining(options.itemChanges())
        .withMessageContaining(stack.kafka().bootstrapServers());
    assertThatExceptionOfType(EventStreamException.class)
        .isThrownBy(() -> writer.write(ItemChange.delete("i", 2, 2), 2));
    writer.close();
  }

  @Test
  void unreachableBrokerIsNamed() throws IOException {
    String nowhere;
    try (ServerSocket socket = new ServerSocket(0)) {
      nowhere = "127.0.0.1:" + socket.getLocalPort();
    }
    TopicOptions wrong =
        TopicOptions.at(nowhere)
            .withClientProperties(
                Map.of("default.api.timeout.ms", "1000", "request.timeout.ms", "500"));

    assertThatExceptionOfType(EventStreamException.class)
        .isThrownBy(() -> TopicWriter.open(wrong))
        .withMessageContaining(nowhere);
  }

  @Test
  void valuesOfClientPropertiesAreNotShown() {
    assertThat(options.withClientProperties(Map.of("sasl.jaas.config", "password")).toString())
        .contains("sasl.jaas.config")
        .doesNotContain("password");
  }

  @Test
  void theCommandWritesToTopicsOfOtherNames() throws IOException {
    Path config = Files.writeString(directory.resolve("client.properties"), "client.id=test\n");
    StringWriter out = new StringWriter();
    CommandLine commandLine = EventsMain.commandLine().setOut(new PrintWriter(out));
    int code =
        commandLine.execute(
            "generate",
            "--count=1000",
            "--events-per-second=100000",
            "--bootstrap=" + stack.kafka().bootstrapServers(),
            "--events-topic=" + options.events(),
            "--user-changes-topic=" + options.userChanges(),
            "--item-changes-topic=" + options.itemChanges(),
            "--partitions=1",
            "--timestamps=EVENT",
            "--kafka-config=" + config);

    assertThat(code).isZero();
    assertThat(out.toString()).contains("behind schedule");
    Inputs inputs = Inputs.readAll(GeneratedInput.of(GeneratorOptions.defaults().withCount(1_000)));
    assertThat(readAll(options.events()))
        .extracting(ConsumerRecord::timestamp)
        .containsExactlyElementsOf(inputs.events().stream().map(Event::timeMillis).toList());
    assertThat(readAll(options.itemChanges())).hasSameSizeAs(inputs.itemChanges());
  }

  private static TransferReport transfer(
      EventInput input, TopicOptions options, TransferPace pace) {
    try (TopicWriter writer = TopicWriter.open(options);
        EventReader reader = input.open(writer::refuse)) {
      return Transfer.create(events -> {}).run(reader, writer, pace);
    }
  }

  private static Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", stack.kafka().bootstrapServers()));
  }

  private static int partitions(Admin admin, String topic)
      throws ExecutionException, InterruptedException {
    return admin
        .describeTopics(List.of(topic))
        .allTopicNames()
        .get()
        .get(topic)
        .partitions()
        .size();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Returns all records of a topic. The records of one partition are in order. */
  private static List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
    Map<String, Object> config = Map.of("bootstrap.servers", stack.kafka().bootstrapServers());
    ByteArrayDeserializer bytes = new ByteArrayDeserializer();
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config, bytes, bytes)) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long records =
          consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
      List<ConsumerRecord<byte[], byte[]>> result = new ArrayList<>();
      long deadline = System.nanoTime() + DEADLINE.toNanos();
      while (result.size() < records && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(200)).forEach(result::add);
      }
      assertThat(result).hasSize((int) records);
      return result;
    }
  }
}
