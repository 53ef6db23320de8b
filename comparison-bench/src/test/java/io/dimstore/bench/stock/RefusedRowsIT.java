// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.stock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.stack.LocalStackExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Inserts rows, one of which is too large for the store, through SQL. */
class RefusedRowsIT {

  @RegisterExtension
  static final LocalStackExtension stack =
      LocalStackExtension.with("hbase", "redis", "dynamodb", "kafka");

  @RegisterExtension static final MiniClusterExtension cluster = TwoConnectors.cluster();

  /** Who refuses the row, with which size, and the reason that must be named. */
  private enum Refusal {
    /** The region server, because the limit of the client is off. */
    REGION_SERVER("hbase-redis", 10_752 * 1024, "exceeds limit of 10485760 bytes") {
      @Override
      Map<String, String> options() {
        return Map.of("hbase-redis.hbase.client.keyvalue.maxsize", "0");
      }
    },
    HBASE_CLIENT("hbase-redis", 20_000, "'hbase.client.keyvalue.maxsize' allows 10000") {
      @Override
      Map<String, String> options() {
        return Map.of("hbase-redis.hbase.client.keyvalue.maxsize", "10000");
      }
    },
    /** The store itself, by the documented limit of an item. */
    DYNAMODB("dynamodb", 409_600, "at most 409600 are possible");

    private final String store;
    private final int length;
    private final String reason;

    Refusal(String store, int length, String reason) {
      this.store = store;
      this.length = length;
      this.reason = reason;
    }

    Map<String, String> options() {
      return Map.of();
    }
  }

  private final String run = UUID.randomUUID().toString().substring(0, 8);
  private final StreamExecutionEnvironment streams =
      StreamExecutionEnvironment.getExecutionEnvironment();
  private final StreamTableEnvironment env = environment();

  private StreamTableEnvironment environment() {
    Configuration restarts = new Configuration();
    restarts.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    restarts.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
    restarts.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(1));
    streams.configure(restarts);
    streams.setParallelism(1);
    return StreamTableEnvironment.create(streams);
  }

  @ParameterizedTest
  @EnumSource
  void refusedRowFailsTheJobOnceOrIsADeadLetter(Refusal refusal) throws Exception {
    String topic = "refused-" + run;
    declare("failing", refusal, Map.of());
    declare(
        "lenient",
        refusal,
        Map.of(
            "sink.invalid-rows", "dead-letter",
            "sink.dead-letter.connector", "kafka",
            "sink.dead-letter.topic", topic,
            "sink.dead-letter.properties.bootstrap.servers", stack.kafka().bootstrapServers(),
            "sink.dead-letter.value.format", "json"));
    // The length is computed from a column, so that no constant of ten megabytes is compiled.
    env.executeSql(
        "CREATE TEMPORARY TABLE numbers (n INT) WITH ('connector' = 'datagen',"
            + " 'fields.n.kind' = 'sequence', 'fields.n.start' = '1', 'fields.n.end' = '5')");

    String failure =
        ExceptionUtils.stringifyException(catchThrowable(() -> insert("failing", refusal)));
    assertThat(failure)
        .contains("failed (INVALID): key [u3]: ", refusal.reason, "Remedy:")
        .contains("The failure is not recoverable");

    insert("lenient", refusal);
    assertThat(lengths("lenient")).containsExactlyInAnyOrder("u1 1", "u2 2", "u4 4", "u5 5");
    JsonNode letter = letter(topic);
    assertThat(letter.get("reason").asText()).isEqualTo("refused-by-store");
    assertThat(letter.get("detail").asText()).contains("key [u3]: ", refusal.reason);
    assertThat(letter.get("source_key").asText()).isEqualTo("u3");
    assertThat(letter.get("payload_bytes").asInt()).isGreaterThan(refusal.length);
  }

  private void insert(String table, Refusal refusal) throws Exception {
    env.executeSql(
            "INSERT INTO "
                + table
                + " SELECT 'u' || CAST(n AS STRING), REPEAT('x', CASE n WHEN 3 THEN n + "
                + (refusal.length - 3)
                + " ELSE n END) FROM numbers")
        .await();
  }

  private void declare(String name, Refusal refusal, Map<String, String> more) {
    env.executeSql(
        "CREATE TEMPORARY TABLE "
            + name
            + " (id STRING, text STRING, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'dim',"
            + " 'store' = '"
            + refusal.store
            + "', 'table' = 'refused_"
            + run
            + "', 'version' = 'arrival', 'version.max-clock-skew' = '0 s'"
            + StackTables.options(refusal.options())
            + StackTables.options(more)
            + StackTables.options(stack, refusal.store)
            + ")");
  }

  private List<String> lengths(String table) throws Exception {
    List<String> lengths = new ArrayList<>();
    try (CloseableIterator<Row> rows =
        env.executeSql("SELECT id, CHAR_LENGTH(text) FROM " + table).collect()) {
      rows.forEachRemaining(row -> lengths.add(row.getField(0) + " " + row.getField(1)));
    }
    return lengths;
  }

  /** Returns the only dead letter. */
  private static JsonNode letter(String topic) throws Exception {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", stack.kafka().bootstrapServers());
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, 1L);
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      while (System.nanoTime() < end) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
          return new ObjectMapper().readTree(record.value());
        }
      }
      throw new AssertionError("The dead letter cannot be read");
    }
  }
}
