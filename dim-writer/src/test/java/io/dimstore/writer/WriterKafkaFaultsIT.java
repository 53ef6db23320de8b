// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.jobs.sql.Dimensions;
import io.dimstore.memory.MemoryStores;
import io.dimstore.spi.StoreException;
import io.dimstore.stack.relay.RelayFault;
import io.dimstore.stack.relay.RelayedKafka;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs one writer, which reads changes from a Kafka behind a relay and writes dead letters to it,
 * through each network fault: first with few changes, then under load.
 */
class WriterKafkaFaultsIT {

  private static final Duration HALF_A_FAULT = Duration.ofMillis(700);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** A request that is not answered is given up while the fault lasts, not after 30 s. */
  private static final Map<String, String> IMPATIENT =
      Map.of("request.timeout.ms", "1000", "socket.connection.setup.timeout.ms", "1000");

  private static final String RUN = UUID.randomUUID().toString();
  private static final String CHANGES = "changes-" + RUN;
  private static final String LETTERS = "letters-" + RUN;

  private static final Map<String, Versioned> rows = new TreeMap<>();
  private static final Set<String> broken = new TreeSet<>();
  private static RelayedKafka broker;
  private static KafkaRecords kafka;
  private static JobClient job;
  private static int sent;

  @BeforeAll
  static void start() throws Exception {
    broker = RelayedKafka.start();
    kafka = new KafkaRecords(broker.direct().bootstrapServers());
    kafka.create(CHANGES, 2);
    kafka.create(LETTERS, 1);
    job =
        DimWriterJob.build(
                StreamExecutionEnvironment.getExecutionEnvironment(),
                WriterOptions.builder(broker.bootstrapServers(), "memory")
                    .job(
                        settings ->
                            settings
                                .kafkaProperties(IMPATIENT)
                                .storeOptions(Map.of("instance", RUN))
                                .groupId(RUN)
                                .checkpointInterval(Duration.ofMillis(200))
                                .parallelism(1))
                    .routes(
                        List.of(
                            new WriterOptions.Route(
                                Dimensions.builtIn("user"), CHANGES, "dim_user", Map.of())))
                    .deadLetterTopic(LETTERS)
                    .build())
            .execute();
  }

  @AfterAll
  static void stop() throws Exception {
    job.cancel().get();
    broker.close();
    MemoryStores.clear(RUN);
  }

  @ParameterizedTest
  @EnumSource
  void noRecordIsLostAndTheJobContinuesAfterTheFault(RelayFault fault) throws Exception {
    send();
    awaitAll("before " + fault);
    fault.begin(broker.relay());
    try {
      send();
      LockSupport.parkNanos(HALF_A_FAULT.toNanos());
      long end = System.nanoTime() + HALF_A_FAULT.toNanos();
      while (System.nanoTime() - end < 0) {
        send();
      }
    } finally {
      fault.end(broker.relay());
    }
    send();
    awaitAll("after " + fault);
    assertThat(job.getJobStatus().get()).isEqualTo(JobStatus.RUNNING);
  }

  /** Sends a change of a new user, and an invalid record, without the relay. */
  private static void send() throws Exception {
    String user = "u" + ++sent;
    kafka.send(
        CHANGES,
        user,
        "{'op':'upsert','user_id':'%s','country':'NL','level':%d,'version':1}"
            .formatted(user, sent));
    rows.put(user, Versioned.of(1, "NL", sent));
    kafka.send(CHANGES, user, "broken " + sent);
    broken.add("broken " + sent);
  }

  private static void awaitAll(String when) throws Exception {
    await("all rows " + when, () -> stored().equals(rows));
    // A dead letter may be written twice.
    await("all dead letters " + when, () -> letters().equals(broken));
  }

  private static Map<String, Versioned> stored() throws Exception {
    try {
      return StoredRows.of("memory", Map.of("instance", RUN), Dimensions.builtIn("user"));
    } catch (StoreException e) {
      return Map.of(); // the job has not created the table yet
    }
  }

  private static Set<String> letters() throws Exception {
    Set<String> payloads = new HashSet<>();
    for (ConsumerRecord<byte[], byte[]> letter : kafka.readAll(LETTERS)) {
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
