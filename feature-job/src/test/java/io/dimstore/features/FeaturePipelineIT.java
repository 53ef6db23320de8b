package io.dimstore.features;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.features.oracle.FeatureOracle;
import io.dimstore.features.oracle.OracleEvent;
import io.dimstore.features.oracle.OracleItem;
import io.dimstore.features.oracle.OracleRow;
import io.dimstore.features.oracle.OracleSink;
import io.dimstore.features.oracle.OracleUser;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.Server;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FeaturePipelineIT {

  @RegisterExtension
  static final LocalStackExtension STACK = LocalStackExtension.with(Server.KAFKA);

  private static final String GOOD =
      "{\"event_id\":\"bad-%d\",\"user_id\":\"u0\",\"item_id\":\"item-1\",\"event_type\":\"buy\","
          + "\"quantity\":1,\"amount\":100,\"event_time\":\"2010-12-01T08:26:00.000Z\"}";

  private final String run = UUID.randomUUID().toString().substring(0, 8);
  private final long seed = new SplittableRandom().nextLong();
  private final Map<String, OracleUser> users = new HashMap<>();
  private final Map<String, OracleItem> items = new HashMap<>();

  @Test
  void everyRowAndEveryOnlineRowEqualsTheOracleAndBadRecordsAreKeptWithTheirReason()
      throws Exception {
    List<OracleEvent> events = RandomEvents.of(seed, 4_000, 40, 60, 300_000);
    Map<String, String> badReasons = new TreeMap<>();
    makeDimensions();
    MemoryTables store = new MemoryTables(run);
    store.loadDimensions(users, items);
    try (KafkaTopics kafka = new KafkaTopics(STACK.kafka().bootstrapServers())) {
      String topic = "events-" + run;
      kafka.create(topic, 4);
      for (int i = 0; i < events.size(); i++) {
        if (i % 400 == 0) {
          byte[] bad = bad(i / 400);
          badReasons.put(kafka.send(topic, "u0", bad), reason(i / 400));
        }
        OracleEvent event = events.get(i);
        kafka.send(topic, event.userId(), json(event));
      }
      runJob(topic);
      check(kafka, events, badReasons);
      store.checkOnline("online_risk", FeatureOracle.ONLINE_RISK, expectedOnline(events, true));
      store.checkOnline(
          "online_marketing", FeatureOracle.ONLINE_MARKETING, expectedOnline(events, false));
    }
  }

  private void runJob(String topic) throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(2);
    FeatureJobOptions options =
        FeatureJobOptions.builder(STACK.kafka().bootstrapServers(), "memory")
            .storeOptions(Map.of("instance", run))
            .eventsTopic(topic)
            .riskTopic("risk-" + run)
            .marketingTopic("marketing-" + run)
            .deadLetterTopic("dead-" + run)
            .groupId("features-" + run)
            .checkpointInterval(Duration.ofMillis(500))
            .bounded(true)
            .build();
    FeatureJob.build(env, options).execute().getJobExecutionResult().get();
  }

  private void check(KafkaTopics kafka, List<OracleEvent> events, Map<String, String> badReasons) {
    Map<String, String> risk = new TreeMap<>();
    Map<String, String> marketing = new TreeMap<>();
    TreeSet<String> tooLate = new TreeSet<>();
    oracle(events, risk, marketing, tooLate);
    assertThat(tooLate).as("seed %d", seed).isNotEmpty();
    assertThat(kafka.readByEventId("risk-" + run)).as("seed %d", seed).isEqualTo(risk);
    assertThat(kafka.readByEventId("marketing-" + run)).as("seed %d", seed).isEqualTo(marketing);
    Map<String, String> reasons = new TreeMap<>();
    TreeSet<String> lateIds = new TreeSet<>();
    for (String letter : kafka.read("dead-" + run)) {
      Map<String, String> fields = KafkaTopics.fields(letter);
      if (fields.get("reason").equals("too-late")) {
        lateIds.add(KafkaTopics.fields(fields.get("payload")).get("event_id"));
      } else {
        reasons.put(
            fields.get("source_partition") + "@" + fields.get("source_offset"),
            fields.get("reason"));
      }
    }
    assertThat(lateIds).isEqualTo(tooLate);
    assertThat(reasons).isEqualTo(badReasons);
  }

  private FeatureOracle oracle(
      List<OracleEvent> events,
      Map<String, String> risk,
      Map<String, String> marketing,
      TreeSet<String> tooLate) {
    FeatureOracle oracle = new FeatureOracle(users, items, Duration.ofDays(1));
    OracleSink sink =
        new OracleSink() {
          @Override
          public void features(OracleEvent event, OracleRow riskRow, OracleRow marketingRow) {
            risk.put(event.eventId(), riskRow.json());
            marketing.put(event.eventId(), marketingRow.json());
          }

          @Override
          public void tooLate(OracleEvent event) {
            tooLate.add(event.eventId());
          }
        };
    events.forEach(event -> oracle.accept(event, sink));
    return oracle;
  }

  private Map<String, OracleRow> expectedOnline(List<OracleEvent> events, boolean risk) {
    FeatureOracle oracle = oracle(events, new HashMap<>(), new HashMap<>(), new TreeSet<>());
    return risk ? oracle.onlineRisk() : oracle.onlineMarketing();
  }

  /** Rows of every kind: whole, with nulls, and missing. */
  private void makeDimensions() {
    String[] countries = {"United Kingdom", "France", null};
    for (int i = 0; i < 40; i++) {
      if (i % 5 != 4) {
        users.put("u" + i, new OracleUser(countries[i % 3], i % 4 == 3 ? null : i % 4));
      }
    }
    for (int i = 0; i < 60; i++) {
      if (i % 7 != 6) {
        Long price = i % 6 == 5 ? null : 1_000L * i;
        items.put(
            "item-" + i, new OracleItem("Title \u00e9 \"" + i, i % 4 == 3 ? null : "c" + i, price));
      }
    }
  }

  private static byte[] bad(int i) {
    String good = GOOD.formatted(i);
    return switch (i) {
      case 0 -> "not json".getBytes(UTF_8);
      case 1 -> good.replace("\"quantity\":1,", "").getBytes(UTF_8);
      case 2 -> good.replace("buy", "steal").getBytes(UTF_8);
      case 3 -> good.replace(":100", ":-100").getBytes(UTF_8);
      case 4 -> good.replace("2010", "2999").getBytes(UTF_8);
      case 5 -> null;
      case 6 -> new byte[] {'{', (byte) 0xff, '}'};
      case 7 -> good.replace("\"u0\"", "\"\"").getBytes(UTF_8);
      case 8 -> good.replace(":100", ":\"100\"").getBytes(UTF_8);
      default -> good.replace("2010-12-01T", "").getBytes(UTF_8);
    };
  }

  private static String reason(int i) {
    return List.of(
            "not-json",
            "missing-field",
            "unknown-event-type",
            "negative",
            "impossible-time",
            "not-json",
            "not-json",
            "empty-field",
            "wrong-type",
            "impossible-time")
        .get(i);
  }

  private static byte[] json(OracleEvent e) {
    return ("{\"event_id\":\"%s\",\"user_id\":\"%s\",\"item_id\":\"%s\",\"event_type\":\"%s\","
            + "\"quantity\":%d,\"amount\":%d,\"event_time\":\"%s\"}")
        .formatted(
            e.eventId(),
            e.userId(),
            e.itemId(),
            e.type(),
            e.quantity(),
            e.amount(),
            Instant.ofEpochMilli(e.time()))
        .getBytes(UTF_8);
  }
}
