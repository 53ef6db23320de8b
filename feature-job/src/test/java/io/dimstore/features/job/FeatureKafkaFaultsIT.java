// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.features.oracle.OracleEvent;
import io.dimstore.stack.relay.RelayFault;
import io.dimstore.stack.relay.RelayedKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One running job, which reads events from a Kafka behind a relay and sends features to it in
 * transactions, through each fault of the network: first with few events, then under load.
 */
class FeatureKafkaFaultsIT {

  private static final Duration HALF_A_FAULT = Duration.ofMillis(700);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int EVENTS = 100;

  /** A request that is not answered is given up while the fault lasts, not after 30 s. */
  private static final Map<String, String> IMPATIENT =
      Map.of("request.timeout.ms", "1000", "socket.connection.setup.timeout.ms", "1000");

  private static final String RUN = UUID.randomUUID().toString().substring(0, 8);
  private static final long SEED = new SplittableRandom().nextLong();

  private static RelayedKafka broker;
  private static KafkaTopics kafka;
  private static PipelineInput input;
  private static JobClient job;
  private static int sent;

  @BeforeAll
  static void start() throws Exception {
    broker = RelayedKafka.start();
    kafka = new KafkaTopics(broker.direct().bootstrapServers());
    input = new PipelineInput(SEED, EVENTS * RelayFault.values().length);
    new MemoryTables(RUN).loadDimensions(input.users, input.items);
    for (String topic : List.of("events-", "risk-", "marketing-", "dead-")) {
      kafka.create(topic + RUN, 2);
    }
    job =
        FeatureJob.build(
                StreamExecutionEnvironment.getExecutionEnvironment(),
                FeatureJobOptions.builder(broker.bootstrapServers(), "memory")
                    .job(
                        settings ->
                            settings
                                .kafkaProperties(IMPATIENT)
                                .storeOptions(Map.of("instance", RUN))
                                .groupId("features-" + RUN)
                                .checkpointInterval(Duration.ofMillis(500))
                                .parallelism(1))
                    .eventsTopic("events-" + RUN)
                    .riskTopic("risk-" + RUN)
                    .marketingTopic("marketing-" + RUN)
                    .deadLetterTopic("dead-" + RUN)
                    .exactlyOnce(true)
                    .build())
            .execute();
  }

  @AfterAll
  static void stop() throws Exception {
    job.cancel().get();
    kafka.close();
    broker.close();
  }

  @ParameterizedTest
  @EnumSource
  void everyFeatureIsPresentOnceAndTheJobContinuesAfterTheFault(RelayFault fault) throws Exception {
    int last = sent + EVENTS;
    send(5);
    awaitFeatures("before " + fault);
    fault.begin(broker.relay());
    try {
      send(1);
      LockSupport.parkNanos(HALF_A_FAULT.toNanos());
      long end = System.nanoTime() + HALF_A_FAULT.toNanos();
      while (System.nanoTime() - end < 0) {
        send(Math.min(5, last - sent - 1));
        LockSupport.parkNanos(20_000_000);
      }
    } finally {
      fault.end(broker.relay());
    }
    send(last - sent);
    awaitFeatures("after " + fault);
    assertThat(job.getJobStatus().get()).isEqualTo(JobStatus.RUNNING);
  }

  /** Sends the next events, not through the relay. */
  private static void send(int count) {
    for (OracleEvent event : input.events.subList(sent, sent + count)) {
      kafka.send("events-" + RUN, event.userId(), PipelineInput.json(event));
    }
    kafka.flush();
    sent += count;
  }

  private static void awaitFeatures(String when) {
    awaitFeatures(when, "risk-", input.risk);
    awaitFeatures(when, "marketing-", input.marketing);
  }

  private static void awaitFeatures(String when, String topic, Map<String, String> features) {
    List<String> expected =
        input.events.subList(0, sent).stream()
            .map(event -> features.get(event.eventId()))
            .filter(Objects::nonNull)
            .toList();
    long end = System.nanoTime() + PATIENCE.toNanos();
    List<String> found = kafka.readCommitted(topic + RUN);
    while (found.size() < expected.size() && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(20_000_000);
      found = kafka.readCommitted(topic + RUN);
    }
    assertThat(found)
        .as("%s%s, seed %d", topic, when, SEED)
        .containsExactlyInAnyOrderElementsOf(expected);
  }
}
