// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.features.FeatureMain;
import io.dimstore.features.oracle.FeatureOracle;
import io.dimstore.features.oracle.OracleEvent;
import io.dimstore.stack.LocalStackExtension;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FeaturePipelineIT {

  @RegisterExtension static final LocalStackExtension STACK = LocalStackExtension.with("kafka");

  private static final String GOOD =
      "{\"event_id\":\"bad-%d\",\"user_id\":\"u0\",\"item_id\":\"item-1\",\"event_type\":\"buy\","
          + "\"quantity\":1,\"amount\":100,\"event_time\":\"2010-12-01T08:26:00.000Z\"}";

  /** The bad record with a wrong Kafka timestamp as well. */
  private static final int FUTURE = 4;

  private static final long FUTURE_MILLIS = Instant.parse("2999-12-01T08:26:00Z").toEpochMilli();

  private static final List<String> REASONS =
      List.of(
          "not-json",
          "missing-field",
          "unknown-event-type",
          "negative",
          "too-new",
          "not-json",
          "not-json",
          "empty-field",
          "wrong-type",
          "impossible-time");

  private final String run = UUID.randomUUID().toString().substring(0, 8);

  @Test
  void everyRowAndEveryOnlineRowEqualsTheOracleAndBadRecordsAreKeptWithTheirReason()
      throws Exception {
    long seed = new SplittableRandom().nextLong();
    PipelineInput input = new PipelineInput(seed, 4_000);
    MemoryTables store = new MemoryTables(run);
    store.loadDimensions(input.users, input.items);
    try (KafkaTopics kafka = new KafkaTopics(STACK.kafka().bootstrapServers())) {
      Map<String, String> badReasons = send(kafka, input);
      String counts = runCommand();
      assertThat(counts)
          .contains("topic                 read        events          dead")
          .containsPattern(
              "events-%s +4,010 +%,d +%,d\\R"
                  .formatted(run, 4_000 - input.tooLate.size(), 10 + input.tooLate.size()))
          .contains("dead letters: 3 not-json", "dead letters: 1 too-new")
          .containsPattern("dim_user: [0-9,]+ lookups found [0-9,]+ rows");
      assertThat(kafka.readByEventId("risk-" + run)).as("seed %d", seed).isEqualTo(input.risk);
      assertThat(kafka.readByEventId("marketing-" + run))
          .as("seed %d", seed)
          .isEqualTo(input.marketing);
      checkDeadLetters(kafka, input, badReasons);
    }
    store.checkOnline("online_risk", FeatureOracle.ONLINE_RISK, input.onlineRisk);
    store.checkOnline("online_marketing", FeatureOracle.ONLINE_MARKETING, input.onlineMarketing);
  }

  @Test
  void missingTableAndMissingTopicAreRefusedByName() {
    String[] command = {
      "run",
      "--bootstrap=" + STACK.kafka().bootstrapServers(),
      "--store=memory",
      "--store-option=instance=" + run,
      "--events-topic=nowhere-" + run,
      "--risk-topic=risk-" + run,
      "--marketing-topic=marketing-" + run,
      "--dead-letter-topic=dead-" + run,
      "--bounded"
    };
    StringWriter err = new StringWriter();
    assertThat(run(new StringWriter(), err, command)).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("error: Store 'memory': NO_TABLE: ")
        .contains("dim_item", "Remedy: fill table dim_item first")
        .hasLineCount(1);

    new MemoryTables(run).loadDimensions(Map.of(), Map.of());
    assertThat(run(new StringWriter(), err, command)).isEqualTo(1);
    assertThat(err.toString()).contains("has no topic nowhere-" + run).hasLineCount(2);
  }

  @Test
  void boundedRunThatCannotLookUpEndsAfterItsRestartsWithTheReason() throws Exception {
    StringWriter err = new StringWriter();
    try (KafkaTopics kafka = new KafkaTopics(STACK.kafka().bootstrapServers())) {
      kafka.create("events-" + run, 1);
      kafka.sendNow("events-" + run, "u0", GOOD.formatted(1).getBytes(UTF_8));
    }
    assertThat(
            run(
                new StringWriter(),
                err,
                "run",
                "--bootstrap=" + STACK.kafka().bootstrapServers(),
                "--store=memory",
                "--store-option=instance=" + run,
                "--events-topic=events-" + run,
                "--job=risk",
                "--group=features-" + run,
                "--parallelism=1",
                "--no-check",
                "--bounded"))
        .isEqualTo(1);
    assertThat(err.toString())
        .contains("error: The job failed: NO_TABLE: ", "has no table 'dim_")
        .doesNotContain("\tat ");
  }

  /** Sends all events and, at intervals, a bad record. Returns the reasons by place. */
  private Map<String, String> send(KafkaTopics kafka, PipelineInput input) throws Exception {
    String topic = "events-" + run;
    kafka.create(topic, 4);
    Map<String, String> badReasons = new TreeMap<>();
    for (int i = 0; i < input.events.size(); i++) {
      if (i % 400 == 0) {
        int bad = i / 400;
        Long timestamp = bad == FUTURE ? Long.valueOf(FUTURE_MILLIS) : null;
        badReasons.put(kafka.sendNow(topic, timestamp, "u0", bad(bad)), REASONS.get(bad));
      }
      OracleEvent event = input.events.get(i);
      kafka.send(topic, event.userId(), PipelineInput.json(event));
    }
    kafka.flush();
    return badReasons;
  }

  /** Returns what the command prints. */
  private String runCommand() {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        run(
            out,
            err,
            "run",
            "--bootstrap=" + STACK.kafka().bootstrapServers(),
            "--store=memory",
            "--store-option=instance=" + run,
            "--events-topic=events-" + run,
            "--risk-topic=risk-" + run,
            "--marketing-topic=marketing-" + run,
            "--dead-letter-topic=dead-" + run,
            "--group=features-" + run,
            "--parallelism=2",
            "--checkpoint-interval=500ms",
            "--bounded");
    assertThat(exitCode).as(err.toString()).isZero();
    assertThat(err.toString())
        .containsPattern(
            "job [0-9a-f]{32}: events-%1$s -> risk-%1$s, marketing-%1$s with store memory"
                .formatted(run))
        .doesNotContain("\tat ");
    return out.toString();
  }

  private static int run(StringWriter out, StringWriter err, String... arguments) {
    return FeatureMain.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  private void checkDeadLetters(
      KafkaTopics kafka, PipelineInput input, Map<String, String> badReasons) {
    Map<String, String> reasons = new TreeMap<>();
    TreeSet<String> tooLate = new TreeSet<>();
    for (String letter : kafka.read("dead-" + run)) {
      Map<String, String> fields = KafkaTopics.fields(letter);
      assertThat(fields.get("source_topic")).isEqualTo("events-" + run);
      if ("too-late".equals(fields.get("reason"))) {
        String payload = Objects.requireNonNull(fields.get("payload"));
        Map<String, String> event = KafkaTopics.fields(payload);
        tooLate.add(event.get("event_id"));
        assertThat(fields.get("source_key")).isEqualTo(event.get("user_id"));
        assertThat(fields.get("payload_bytes"))
            .isEqualTo(String.valueOf(payload.getBytes(UTF_8).length));
      } else {
        String place = fields.get("source_partition") + "@" + fields.get("source_offset");
        reasons.put(place, fields.get("reason"));
        assertThat(fields.get("source_key")).isEqualTo("u0");
      }
    }
    assertThat(tooLate).isNotEmpty().isEqualTo(input.tooLate);
    assertThat(reasons).isEqualTo(badReasons);
  }

  private static byte[] bad(int i) {
    String good = GOOD.formatted(i);
    return switch (i) {
      case 0 -> "not json".getBytes(UTF_8);
      case 1 -> good.replace("\"quantity\":1,", "").getBytes(UTF_8);
      case 2 -> good.replace("buy", "steal").getBytes(UTF_8);
      case 3 -> good.replace(":100", ":-100").getBytes(UTF_8);
      case FUTURE -> good.replace("2010", "2999").getBytes(UTF_8);
      case 5 -> null;
      case 6 -> new byte[] {'{', (byte) 0xff, '}'};
      case 7 -> good.replace("\"u0\"", "\"\"").getBytes(UTF_8);
      case 8 -> good.replace(":100", ":\"100\"").getBytes(UTF_8);
      default -> good.replace("2010-12-01T", "").getBytes(UTF_8);
    };
  }
}
