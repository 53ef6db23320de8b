// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.features.oracle.OracleEvent;
import io.dimstore.flink.DeadLetterRow;
import io.dimstore.stack.LocalStackExtension;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LargeDeadLetterIT {

  @RegisterExtension static final LocalStackExtension STACK = LocalStackExtension.with("kafka");

  private static final int LARGE = 900_000;
  private static final String LONG_KEY = "\u0001".repeat(20_000);

  private final String run = UUID.randomUUID().toString().substring(0, 8);

  @Test
  void deadLetterThatIsTooLargeForKafkaIsTruncatedAndTheJobContinues() throws Exception {
    try (KafkaTopics kafka = new KafkaTopics(STACK.kafka().bootstrapServers())) {
      kafka.create("events-" + run, 1);
      event(kafka, "before");
      Map<String, Integer> sent = new LinkedHashMap<>();
      bad(kafka, sent, LONG_KEY, filled('x', LARGE));
      bad(kafka, sent, LONG_KEY, filled('\u0001', LARGE)); // as JSON, six bytes for each
      bad(kafka, sent, null, filled('\u00ff', LARGE)); // no UTF-8: in base64, a third longer
      bad(kafka, sent, LONG_KEY, filled('\u0001', DeadLetterRow.MAX_PAYLOAD_BYTES)); // uncut
      event(kafka, "after");
      runToTheEndWithoutARestart();
      assertThat(kafka.readByEventId("risk-" + run)).containsOnlyKeys("before", "after");
      assertThat(lettersByPlace(kafka)).isEqualTo(sent);
    }
  }

  private void event(KafkaTopics kafka, String id) throws Exception {
    OracleEvent event = new OracleEvent(id, "u", "i", "buy", 1, 100, 1_291_191_960_000L);
    kafka.sendNow("events-" + run, "u", PipelineInput.json(event));
  }

  private void bad(KafkaTopics kafka, Map<String, Integer> sent, String key, byte[] value)
      throws Exception {
    sent.put(kafka.sendNow("events-" + run, key, value), value.length);
  }

  private static byte[] filled(char value, int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private void runToTheEndWithoutARestart() throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    FeatureJobOptions options =
        FeatureJobOptions.builder(STACK.kafka().bootstrapServers(), "memory")
            .job(
                settings ->
                    settings
                        .storeOptions(Map.of("instance", run))
                        .groupId("features-" + run)
                        .bounded(true))
            .feature(Feature.RISK)
            .eventsTopic("events-" + run)
            .riskTopic("risk-" + run)
            .deadLetterTopic("dead-" + run)
            .build();
    new MemoryTables(run).loadDimensions(Map.of(), Map.of());
    FeatureJob.build(StreamExecutionEnvironment.createLocalEnvironment(1, configuration), options)
        .execute()
        .getJobExecutionResult()
        .get();
  }

  /** The original size of each bad record, which its dead letter contains. */
  private Map<String, Integer> lettersByPlace(KafkaTopics kafka) {
    Map<String, Integer> letters = new LinkedHashMap<>();
    for (String letter : kafka.read("dead-" + run)) {
      assertThat(letter.getBytes(UTF_8)).hasSizeLessThan(1_000_000);
      Map<String, String> fields = KafkaTopics.fields(letter);
      letters.put(
          fields.get("source_partition") + "@" + fields.get("source_offset"),
          Integer.valueOf(fields.get("payload_bytes")));
    }
    return letters;
  }
}
