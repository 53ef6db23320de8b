// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.jobs.sql.Dimensions;
import io.dimstore.memory.MemoryStores;
import io.dimstore.spi.StoreException;
import io.dimstore.stack.KafkaPair;
import io.dimstore.writer.StoredRows.Versioned;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/**
 * The broker that leads every partition of a writer's topics is killed, and the other takes over.
 */
class WriterKafkaFailoverIT {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final String run = UUID.randomUUID().toString();
  private final String changes = "changes-" + run;
  private final String letters = "letters-" + run;
  private final Map<String, Versioned> rows = new TreeMap<>();
  private final Set<String> broken = new TreeSet<>();

  @Test
  void noRecordIsLostAndTheJobContinuesWithTheNewLeader() throws Exception {
    try (KafkaPair brokers = KafkaPair.start()) {
      KafkaRecords kafka = new KafkaRecords(brokers.bootstrapServers());
      kafka.create(changes, 2, KafkaPair.ledBySecond());
      kafka.create(letters, 1, KafkaPair.ledBySecond());
      await("leaders", () -> leaders(kafka).equals(Set.of(2)));
      JobClient job = start(brokers);
      try {
        send(kafka);
        awaitAll(kafka, "before the failover");
        brokers.killSecond();
        send(kafka);
        assertThat(leaders(kafka)).as("brokers that lead").containsExactly(1);
        send(kafka);
        awaitAll(kafka, "after the failover");
        assertThat(job.getJobStatus().get()).isEqualTo(JobStatus.RUNNING);
      } finally {
        job.cancel().get();
        MemoryStores.clear(run);
      }
    }
  }

  private JobClient start(KafkaPair brokers) throws Exception {
    return DimWriterJob.build(
            StreamExecutionEnvironment.getExecutionEnvironment(),
            WriterOptions.builder(brokers.bootstrapServers(), "memory")
                .job(
                    settings ->
                        settings
                            .kafkaProperties(
                                Map.of(
                                    "request.timeout.ms",
                                    "1000",
                                    "socket.connection.setup.timeout.ms",
                                    "1000"))
                            .storeOptions(Map.of("instance", run))
                            .groupId(run)
                            .checkpointInterval(Duration.ofMillis(200))
                            .parallelism(1))
                .routes(
                    List.of(
                        new WriterOptions.Route(
                            Dimensions.builtIn("user"), changes, "dim_user", Map.of())))
                .deadLetterTopic(letters)
                .build())
        .execute();
  }

  private Set<Integer> leaders(KafkaRecords kafka) throws Exception {
    Set<Integer> leaders = new HashSet<>(kafka.leaders(changes));
    leaders.addAll(kafka.leaders(letters));
    return leaders;
  }

  /** Sends a change of a new user, and an invalid record, to each partition of a few. */
  private void send(KafkaRecords kafka) throws Exception {
    for (int i = 0; i < 5; i++) {
      int number = rows.size() + 1;
      String user = "u" + number;
      kafka.send(
          changes,
          user,
          "{'op':'upsert','user_id':'%s','country':'NL','level':%d,'version':1}"
              .formatted(user, number));
      rows.put(user, Versioned.of(1, "NL", number));
      kafka.send(changes, user, "broken " + number);
      broken.add("broken " + number);
    }
  }

  private void awaitAll(KafkaRecords kafka, String when) throws Exception {
    await("all rows " + when, () -> stored().equals(rows));
    // A dead letter may be written twice.
    await("all dead letters " + when, () -> letters(kafka).equals(broken));
  }

  private Map<String, Versioned> stored() throws Exception {
    try {
      return StoredRows.of("memory", Map.of("instance", run), Dimensions.builtIn("user"));
    } catch (StoreException e) {
      return Map.of(); // the job has not created the table yet
    }
  }

  private Set<String> letters(KafkaRecords kafka) throws Exception {
    Set<String> payloads = new HashSet<>();
    for (ConsumerRecord<byte[], byte[]> letter : kafka.readAll(letters)) {
      payloads.add(KafkaRecords.fields(letter.value()).get("payload"));
    }
    return payloads;
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime() - end).as("still waiting for %s", what).isNegative();
      LockSupport.parkNanos(20_000_000);
    }
  }
}
