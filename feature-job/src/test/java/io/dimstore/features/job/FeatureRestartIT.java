// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.features.oracle.OracleEvent;
import io.dimstore.stack.LocalStackExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class FeatureRestartIT {

  @RegisterExtension static final LocalStackExtension STACK = LocalStackExtension.with("kafka");

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final String run = UUID.randomUUID().toString().substring(0, 8);

  @Test
  void featuresAreSentAtOnceAndASavepointNeitherLosesNorRepeatsThem(@TempDir Path folder)
      throws Exception {
    long seed = new SplittableRandom().nextLong();
    PipelineInput input = new PipelineInput(seed, 2_000);
    new MemoryTables(run).loadDimensions(input.users, input.items);
    try (KafkaTopics kafka = new KafkaTopics(STACK.kafka().bootstrapServers())) {
      for (String topic : List.of("events-", "risk-", "marketing-", "dead-")) {
        kafka.create(topic + run, 2);
      }
      send(kafka, input.events.subList(0, 1_000));
      JobClient before = start(new Configuration());
      // No event follows these, but all their features are sent.
      awaitAllFeatures(kafka, input, 1_000);
      String savepoint = stop(before, folder);
      send(kafka, input.events.subList(1_000, 2_000));
      Configuration restore = new Configuration();
      restore.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
      JobClient after = start(restore);
      awaitAllFeatures(kafka, input, 2_000);
      stop(after, folder);

      assertThat(kafka.readCommitted("risk-" + run))
          .as("seed %d", seed)
          .containsExactlyInAnyOrderElementsOf(input.risk.values());
      assertThat(kafka.readCommitted("marketing-" + run))
          .as("seed %d", seed)
          .containsExactlyInAnyOrderElementsOf(input.marketing.values());
      assertThat(kafka.readCommitted("dead-" + run)).hasSameSizeAs(input.tooLate);
    }
  }

  private static String stop(JobClient job, Path folder) throws Exception {
    String savepoint =
        job.stopWithSavepoint(false, folder.toUri().toString(), SavepointFormatType.CANONICAL)
            .get();
    job.getJobExecutionResult().get();
    return savepoint;
  }

  private void send(KafkaTopics kafka, List<OracleEvent> events) {
    for (OracleEvent event : events) {
      kafka.send("events-" + run, event.userId(), PipelineInput.json(event));
    }
    kafka.flush();
  }

  private JobClient start(Configuration configuration) {
    FeatureJobOptions options =
        FeatureJobOptions.builder(STACK.kafka().bootstrapServers(), "memory")
            .job(
                settings ->
                    settings.storeOptions(Map.of("instance", run)).groupId("features-" + run))
            .eventsTopic("events-" + run)
            .riskTopic("risk-" + run)
            .marketingTopic("marketing-" + run)
            .deadLetterTopic("dead-" + run)
            .exactlyOnce(true)
            .build();
    return FeatureJob.build(
            StreamExecutionEnvironment.createLocalEnvironment(2, configuration), options)
        .execute();
  }

  private void awaitAllFeatures(KafkaTopics kafka, PipelineInput input, int count) {
    long expected =
        input.events.subList(0, count).stream()
            .filter(event -> !input.tooLate.contains(event.eventId()))
            .count();
    Instant deadline = Instant.now().plus(PATIENCE);
    int seen = 0;
    while (seen < 2 * expected && Instant.now().isBefore(deadline)) {
      LockSupport.parkNanos(100_000_000); // reading whole topics takes processor time from the job
      seen = kafka.read("risk-" + run).size() + kafka.read("marketing-" + run).size();
    }
    assertThat(seen).isEqualTo((int) (2 * expected));
  }
}
