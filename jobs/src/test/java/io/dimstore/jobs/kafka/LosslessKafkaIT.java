// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.stack.LocalStackExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs whose topic has lost records that they have not read. */
@Timeout(120)
class LosslessKafkaIT {

  @RegisterExtension static final LocalStackExtension STACK = LocalStackExtension.with("kafka");

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(1)
              .build());

  private static final ConcurrentLinkedQueue<String> READ = new ConcurrentLinkedQueue<>();
  private static volatile CountDownLatch gate = new CountDownLatch(0);

  private final String topic = "lossless-" + UUID.randomUUID();
  private final TopicPartition partition = new TopicPartition(topic, 0);

  @TempDir private Path folder;

  @BeforeEach
  void createTopic() throws Exception {
    READ.clear();
    try (Admin admin = admin()) {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }
  }

  @AfterEach
  void openGate() {
    gate.countDown();
  }

  @Test
  void restoredJobWhoseOffsetIsGoneFailsAndNamesOffsetsAndRemedy() throws Exception {
    send(0, 5);
    String savepoint = readAndStop("earliest-offset", 5);
    READ.clear();
    send(5, 12);
    deleteBefore(9);
    JobClient job = start("earliest-offset", LostRecords.FAIL, savepoint);
    assertThatThrownBy(() -> job.getJobExecutionResult().get(60, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(LostRecordsException.class)
        .hasStackTraceContaining(
            "Topic '"
                + topic
                + "', partition 0: the job would continue at offset 5, but the first remaining record is"
                + " at offset 9, so up to 4 records were deleted before they were read. Remedy: ")
        .hasStackTraceContaining("'scan.lost-records' = 'skip'");
    assertThat(READ).isEmpty();
  }

  @Test
  void restoredJobThatMaySkipContinuesAtTheFirstRemainingRecord() throws Exception {
    send(0, 5);
    String savepoint = readAndStop("earliest-offset", 5);
    READ.clear();
    send(5, 12);
    deleteBefore(9);
    JobClient job = start("earliest-offset", LostRecords.SKIP, savepoint);
    await(() -> READ.size() >= 3);
    job.cancel().get();
    assertThat(READ).containsExactly("9", "10", "11");
  }

  @Test
  void restoredJobWhoseTopicWasCreatedAgainFails() throws Exception {
    send(0, 5);
    String savepoint = readAndStop("earliest-offset", 5);
    READ.clear();
    try (Admin admin = admin()) {
      admin.deleteTopics(List.of(topic)).all().get();
      await(() -> !exists(admin));
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }
    send(0, 2);
    JobClient job = start("earliest-offset", LostRecords.FAIL, savepoint);
    assertThatThrownBy(() -> job.getJobExecutionResult().get(60, TimeUnit.SECONDS))
        .hasStackTraceContaining(
            "would continue at offset 5, but the partition ends at offset 2, so the topic was"
                + " deleted and created again");
  }

  @Test
  void jobWhoseCommittedOffsetIsGoneFails() throws Exception {
    send(0, 12);
    commit(3);
    deleteBefore(9);
    JobClient job = start("group-offsets", LostRecords.FAIL, null);
    assertThatThrownBy(() -> job.getJobExecutionResult().get(60, TimeUnit.SECONDS))
        .hasStackTraceContaining("would continue at offset 3, but the first remaining record");
  }

  @Test
  void jobStartsWhereItsGroupHasCommitted() throws Exception {
    send(0, 5);
    commit(3);
    readAndStop("group-offsets", 2);
    assertThat(READ).containsExactly("3", "4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"earliest-offset", "group-offsets"})
  void jobWithoutStateOrCommittedOffsetStartsAtTheFirstRemainingRecord(String startAt)
      throws Exception {
    send(0, 5);
    deleteBefore(3);
    readAndStop(startAt, 2);
    assertThat(READ).containsExactly("3", "4");
  }

  @Test
  void runningJobThatRetentionOvertakesFails() throws Exception {
    gate = new CountDownLatch(1);
    send(0, 200);
    JobClient job = start("earliest-offset", LostRecords.FAIL, null);
    await(() -> !READ.isEmpty());
    deleteBefore(200);
    gate.countDown();
    assertThatThrownBy(() -> job.getJobExecutionResult().get(60, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(LostRecordsException.class)
        .hasStackTraceContaining("but the first remaining record is at offset 200");
  }

  /** Reads until so many records have come, and stops with a savepoint. */
  private String readAndStop(String startAt, int records) throws Exception {
    JobClient job = start(startAt, LostRecords.FAIL, null);
    await(() -> READ.size() >= records);
    String savepoint =
        job.stopWithSavepoint(false, folder.toUri().toString(), SavepointFormatType.CANONICAL)
            .get();
    job.getJobExecutionResult().get();
    return savepoint;
  }

  private JobClient start(String startAt, LostRecords lostRecords, String savepoint)
      throws Exception {
    Configuration configuration = new Configuration();
    if (savepoint != null) {
      configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    }
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    env.setParallelism(1);
    env.enableCheckpointing(Duration.ofHours(1).toMillis());
    StreamTableEnvironment tables = StreamTableEnvironment.create(env);
    tables.executeSql(
        "CREATE TABLE records (v STRING, o BIGINT METADATA FROM 'offset' VIRTUAL) WITH ("
            + "'connector' = 'kafka-lossless', 'topic' = '"
            + topic
            + "', 'properties.bootstrap.servers' = '"
            + STACK.kafka().bootstrapServers()
            + "', 'properties.group.id' = '"
            + topic
            // so small that one batch comes with each request
            + "', 'properties.max.partition.fetch.bytes' = '1', 'properties.max.poll.records' = '1'"
            + ", 'value.format' = 'raw', 'scan.startup.mode' = '"
            + startAt
            + "', 'scan.lost-records' = '"
            + lostRecords
            + "')");
    tables
        .toDataStream(tables.from("records"))
        .map(
            row -> {
              READ.add((String) row.getField(0));
              gate.await();
              return 0;
            })
        .sinkTo(new DiscardingSink<>())
        .uid("sink");
    return env.executeAsync();
  }

  private void send(int from, int to) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(client(), new StringSerializer(), new StringSerializer())) {
      for (int i : IntStream.range(from, to).toArray()) {
        producer.send(new ProducerRecord<>(topic, String.valueOf(i))).get();
      }
    }
  }

  private void deleteBefore(long offset) throws Exception {
    try (Admin admin = admin()) {
      admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset))).all().get();
    }
  }

  private void commit(long offset) throws Exception {
    try (Admin admin = admin()) {
      admin
          .alterConsumerGroupOffsets(topic, Map.of(partition, new OffsetAndMetadata(offset)))
          .all()
          .get();
    }
  }

  private boolean exists(Admin admin) {
    try {
      return admin.listTopics().names().get().contains(topic);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Admin admin() {
    return Admin.create(client());
  }

  private static Map<String, Object> client() {
    return Map.of("bootstrap.servers", STACK.kafka().bootstrapServers());
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("the condition did not come true").isLessThan(end);
      LockSupport.parkNanos(5_000_000);
    }
  }
}
