// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.memory.MemoryStores;
import io.dimstore.stack.LocalStackExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The dead letters of the connector's sink, written to a Kafka topic with the Kafka connector. */
class SinkDeadLettersIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("kafka");

  private final String run = UUID.randomUUID().toString();

  @AfterEach
  void forget() {
    MemoryStores.clear(run);
  }

  @Test
  void invalidRowsAreInTheTopicAndAllOthersInTheStore() throws Exception {
    String topic = "letters-" + run;
    KafkaRecords kafka = new KafkaRecords(stack.kafka().bootstrapServers());
    kafka.create(topic, 1);
    StreamTableEnvironment env =
        StreamTableEnvironment.create(StreamExecutionEnvironment.getExecutionEnvironment());
    env.executeSql(
        """
        CREATE TABLE t (id STRING, n INT, v BIGINT, PRIMARY KEY (id) NOT ENFORCED) WITH (
          'connector' = 'dim', 'store' = 'memory', 'table' = 't', 'memory.instance' = '%s',
          'version.column' = 'v', 'sink.invalid-rows' = 'dead-letter',
          'sink.dead-letter.connector' = 'kafka', 'sink.dead-letter.topic' = '%s',
          'sink.dead-letter.properties.bootstrap.servers' = '%s',
          'sink.dead-letter.value.format' = 'json'
        )"""
            .formatted(run, topic, stack.kafka().bootstrapServers()));
    env.executeSql(
            "INSERT INTO t VALUES ('a', 1, CAST(1 AS BIGINT)), ('b', 2, CAST(NULL AS BIGINT)), ('c',"
                + " 3, CAST(3 AS BIGINT))")
        .await();
    List<ConsumerRecord<byte[], byte[]>> letters = kafka.read(topic, 1);
    Map<String, String> letter = KafkaRecords.fields(letters.get(0).value());
    assertThat(letter)
        .containsEntry("reason", "null-version")
        .containsEntry("source_key", "b")
        .containsEntry("payload", "{\"op\":\"+I\",\"row\":{\"id\":\"b\",\"n\":2,\"v\":null}}")
        .containsEntry("source_topic", null);
    List<String> rows = new ArrayList<>();
    try (CloseableIterator<Row> stored = env.executeSql("SELECT id FROM t").collect()) {
      stored.forEachRemaining(row -> rows.add((String) row.getField(0)));
    }
    assertThat(rows).containsExactlyInAnyOrder("a", "c");
  }
}
