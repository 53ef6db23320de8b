// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.DeadLetterRow;
import io.dimstore.jobs.sql.Dimension;
import io.dimstore.jobs.sql.Dimensions;
import io.dimstore.memory.MemoryStores;
import io.dimstore.spi.StoreException;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.writer.StoredRows.Versioned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WriterMainIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("kafka");

  private final String run = UUID.randomUUID().toString();
  private final String users = "users-" + run;
  private final String items = "items-" + run;
  private final String deadLetters = "letters-" + run;
  private KafkaRecords kafka;

  @BeforeEach
  void createTopics() throws Exception {
    kafka = new KafkaRecords(stack.kafka().bootstrapServers());
    kafka.create(users, 3);
    kafka.create(items, 2);
  }

  @AfterEach
  void forget() {
    MemoryStores.clear(run);
  }

  @Test
  void aBoundedRunWritesBothDimensionsAndPrintsTheCounts() throws Exception {
    kafka.send(users, "1", "{'op':'upsert','user_id':'1','country':'DE','level':3,'version':10}");
    kafka.send(
        users, "2", "{'op':'upsert','user_id':'2','country':null,'level':null,'version':11}");
    kafka.send(users, "1", "{'op':'upsert','user_id':'1','country':'FR','level':4,'version':9}");
    kafka.send(users, "2", "{'op':'delete','user_id':'2','version':12}");
    kafka.send(users, "3", "{'op':'upsert','user_id':'4','country':null,'level':1,'version':1}");
    kafka.send(
        items,
        "85123A",
        "{'op':'upsert','item_id':'85123A','title':'HEART','category':null,"
            + "'list_price':255,'version':1291191960000}");
    kafka.send(items, "x", "nonsense");
    CommandRun done = bounded();
    assertThat(done.err()).doesNotContain("error");
    assertThat(done.out())
        .isEqualToNormalizingNewlines(
            """
            dimension             read       upserts       deletes          dead
            user                     5             3             1             1
            item                     2             1             0             1
            dead letters of user: 1 key-mismatch
            dead letters of item: 1 not-json
            memory: superseded 1
            """);
    assertThat(done.exitCode()).isZero();
    assertThat(rows(Dimensions.builtIn("user")))
        .containsOnly(Map.entry("1", Versioned.of(10, "DE", 3)));
    assertThat(rows(Dimensions.builtIn("item")))
        .containsOnly(Map.entry("85123A", Versioned.of(1291191960000L, "HEART", null, 255L)));
  }

  @Test
  void deadLettersContainTheRecordAndTheReason() throws Exception {
    kafka.send(users, null, (byte[]) null);
    kafka.send(users, "7", new byte[] {(byte) 0xff, 0});
    kafka.send(users, "8", "{'op':'merge','user_id':'8','version':1}");
    assertThat(bounded().exitCode()).isZero();
    Map<String, Map<String, String>> letters = new LinkedHashMap<>();
    for (ConsumerRecord<byte[], byte[]> letter : kafka.read(deadLetters, 3)) {
      Map<String, String> fields = KafkaRecords.fields(letter.value());
      letters.put(fields.get("source_key"), fields);
    }
    assertThat(letters.get(null))
        .containsEntry("reason", "not-json")
        .containsEntry("detail", "the record has no value")
        .containsEntry("payload", null);
    assertThat(letters.get("7"))
        .containsEntry("reason", "not-json")
        .containsEntry("payload", "/wA=")
        .containsEntry("payload_encoding", "base64")
        .containsEntry("payload_bytes", "2");
    assertThat(letters.get("8"))
        .containsEntry("reason", "unknown-op")
        .containsEntry("detail", "op is neither upsert nor delete")
        .containsEntry("payload", "{\"op\":\"merge\",\"user_id\":\"8\",\"version\":1}")
        .containsEntry("payload_encoding", "utf-8")
        .containsEntry("source_topic", users)
        .containsKeys("source_partition", "source_offset", "source_time");
  }

  @Test
  void theLargestKafkaRecordFitsIntoADeadLetter() throws Exception {
    byte[] zeros = new byte[DeadLetterRow.MAX_PAYLOAD_BYTES]; // as JSON, six bytes for each
    kafka.send(users, "7", zeros);
    kafka.send(users, "7", new byte[1_000_000]);
    assertThat(bounded().exitCode()).isZero();
    assertThat(kafka.read(deadLetters, 2)).hasSize(2);
  }

  @Test
  void aGroupContinuesFromItsCommittedOffsets() throws Exception {
    kafka.send(items, "a", "{'op':'delete','item_id':'a','version':1}");
    kafka.send(items, "a", "{'op':'delete','item_id':'a','version':2}");
    kafka.commit(run, items, 1);
    kafka.send(items, "a", "{'op':'delete','item_id':'a','version':3}");
    CommandRun done = bounded("--start=group-offsets", "--dimensions=item");
    assertThat(done.out()).containsPattern("item +2 +0 +2 +0");
  }

  @Test
  void aRunningJobWritesAChangeWithoutWaitingForTheNext() throws Exception {
    DimWriterJob job =
        DimWriterJob.build(
            StreamExecutionEnvironment.getExecutionEnvironment(),
            WriterOptions.builder(stack.kafka().bootstrapServers(), "memory")
                .job(
                    settings ->
                        settings
                            .storeOptions(Map.of("instance", run))
                            .checkpointInterval(Duration.ofHours(1))
                            .parallelism(1))
                .routes(
                    List.of(
                        new WriterOptions.Route(
                            Dimensions.builtIn("user"), users, "dim_user", Map.of())))
                .deadLetterTopic(deadLetters)
                .build());
    JobClient client = job.execute();
    try {
      for (int version = 1; version <= 3; version++) {
        kafka.send(
            users,
            "1",
            "{'op':'upsert','user_id':'1','country':'DE','level':1,'version':" + version + "}");
        awaitVersion(version);
      }
      assertThat(job.progress(client).read()).isLessThanOrEqualTo(3);
    } finally {
      client.cancel().get();
    }
  }

  @Test
  void aMissingTopicIsNamedWithTheRemedy() {
    CommandRun done = bounded("--dimension-topic=item=no-such-topic-" + run);
    assertThat(done.exitCode()).isEqualTo(1);
    assertThat(done.err().strip())
        .isEqualTo(
            "error: Kafka at %s has no topic no-such-topic-%s. Remedy: write to it first, or name the topic that holds the records."
                .formatted(stack.kafka().bootstrapServers(), run));
  }

  @Test
  void unreachableKafkaIsReportedInOneLine() {
    CommandRun done =
        CommandRun.of(
            "run",
            "--bootstrap=127.0.0.1:1",
            "--store=memory",
            "--store-option=instance=" + run,
            "--bounded");
    assertThat(done.exitCode()).isEqualTo(1);
    assertThat(done.err().strip())
        .startsWith("error: Kafka at 127.0.0.1:1 cannot be used (")
        .hasLineCount(1);
  }

  private CommandRun bounded(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "run",
                "--bootstrap=" + stack.kafka().bootstrapServers(),
                "--store=memory",
                "--store-option=instance=" + run,
                "--dead-letter-topic=" + deadLetters,
                "--group=" + run,
                "--bounded",
                "--parallelism=2"));
    List<String> given = List.of(more);
    if (given.stream().noneMatch(arg -> arg.startsWith("--dimensions"))) {
      args.add("--dimension-topic=user=" + users);
    }
    if (given.stream().noneMatch(arg -> arg.startsWith("--dimension-topic=item"))) {
      args.add("--dimension-topic=item=" + items);
    }
    args.addAll(given);
    return CommandRun.of(args.toArray(String[]::new));
  }

  private Map<String, Versioned> rows(Dimension dimension) throws Exception {
    return StoredRows.of("memory", Map.of("instance", run), dimension);
  }

  private void awaitVersion(long version) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (System.nanoTime() < deadline) {
      if (hasVersion(version)) {
        return;
      }
      LockSupport.parkNanos(20_000_000);
    }
    throw new AssertionError("version " + version + " was not written in time");
  }

  private boolean hasVersion(long version) throws Exception {
    try {
      Versioned row = rows(Dimensions.builtIn("user")).get("1");
      return row != null && row.version() == version;
    } catch (StoreException e) {
      return false; // the job has not created the table yet
    }
  }
}
