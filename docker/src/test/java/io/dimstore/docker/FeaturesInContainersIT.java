// SPDX-License-Identifier: Apache-2.0
package io.dimstore.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.redis.testcontainers.RedisContainer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.kafka.KafkaContainer;

/**
 * Tests the whole path from events to features: the programs run on this machine, the servers in
 * containers.
 */
@Testcontainers
class FeaturesInContainersIT {

  private static final int EVENTS = 5_000;

  @Container static final KafkaContainer kafka = Images.kafka();
  @Container static final GenericContainer<?> hbase = Images.hbase();
  @Container static final RedisContainer redis = Images.redis();
  @Container static final GenericContainer<?> dynamoDb = Images.dynamoDb();

  @Test
  void bothPathsGiveTheSameFeatures() throws Exception {
    String bootstrap = kafka.getBootstrapServers();
    Launcher.run(
        List.of(
            "events", "generate", "--bootstrap", bootstrap, "--count", EVENTS + "", "--seed", "7"));
    run("hbase-redis", Stores.hbaseRedis(hbase, redis));
    run("dynamodb", Stores.dynamoDb(dynamoDb));
    for (String feature : List.of("risk", "marketing")) {
      List<String> legacy = rows(feature + "-hbase-redis");
      assertThat(legacy).hasSize(EVENTS);
      assertThat(legacy).anyMatch(row -> row.contains("\"user_known\":true"));
      assertThat(rows(feature + "-dynamodb")).isEqualTo(legacy);
    }
  }

  /**
   * Writes the changes to the store's tables, then computes the features of each event into topics
   * of this store.
   */
  private static void run(String store, Map<String, String> options) throws Exception {
    List<String> common =
        List.of("run", "--bounded", "--bootstrap", kafka.getBootstrapServers(), "--store", store);
    List<String> write = new ArrayList<>(List.of("write"));
    write.addAll(common);
    write.addAll(List.of("--group", "write-" + store));
    write.addAll(Launcher.repeated("--store-option", options));
    Launcher.run(write);
    List<String> feature = new ArrayList<>(List.of("feature"));
    feature.addAll(common);
    feature.addAll(List.of("--group", "feature-" + store));
    feature.addAll(
        List.of("--risk-topic", "risk-" + store, "--marketing-topic", "marketing-" + store));
    feature.addAll(Launcher.repeated("--store-option", options));
    Launcher.run(feature);
  }

  /** Returns the values of all records of a topic, sorted as text. */
  private static List<String> rows(String topic) {
    List<String> rows = new ArrayList<>();
    Map<String, Object> settings = Map.of("bootstrap.servers", kafka.getBootstrapServers());
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
          rows.add(record.value());
        }
      }
    }
    rows.sort(null);
    return rows;
  }
}
