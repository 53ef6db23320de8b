// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes and reads records of topics without Flink. */
record KafkaRecords(String bootstrap) {

  void create(String topic, int partitions) throws Exception {
    try (Admin admin = Admin.create(client())) {
      admin
          .createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())))
          .all()
          .get();
    }
  }

  /** Creates a topic whose partitions all have these brokers, of which the first one leads. */
  void create(String topic, int partitions, List<Integer> brokers) throws Exception {
    Map<Integer, List<Integer>> all = new LinkedHashMap<>();
    for (int partition = 0; partition < partitions; partition++) {
      all.put(partition, brokers);
    }
    try (Admin admin = Admin.create(client())) {
      admin.createTopics(List.of(new NewTopic(topic, all))).all().get();
    }
  }

  /** Returns the ids of the brokers that lead the partitions of a topic. */
  List<Integer> leaders(String topic) throws Exception {
    try (Admin admin = Admin.create(client())) {
      return admin
          .describeTopics(List.of(topic))
          .allTopicNames()
          .get()
          .get(topic)
          .partitions()
          .stream()
          .map(partition -> partition.leader() == null ? -1 : partition.leader().id())
          .toList();
    }
  }

  /**
   * Commits an offset for every partition of a topic; the end of the partition, if that is lower.
   */
  void commit(String group, String topic, long offset) throws Exception {
    try (Admin admin = Admin.create(client())) {
      Map<TopicPartition, OffsetSpec> ends = new LinkedHashMap<>();
      int partitions =
          admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().size();
      for (int partition = 0; partition < partitions; partition++) {
        ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
      }
      Map<TopicPartition, OffsetAndMetadata> committed = new LinkedHashMap<>();
      admin
          .listOffsets(ends)
          .all()
          .get()
          .forEach(
              (partition, end) ->
                  committed.put(partition, new OffsetAndMetadata(Math.min(offset, end.offset()))));
      admin.alterConsumerGroupOffsets(group, committed).all().get();
    }
  }

  private Map<String, Object> client() {
    return Map.of("bootstrap.servers", bootstrap);
  }

  /** Sends JSON in which single quotes stand for double ones. */
  void send(String topic, String key, String json) throws Exception {
    send(topic, key, json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  void send(String topic, String key, byte[] value) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client(), new ByteArraySerializer(), new ByteArraySerializer())) {
      byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
      producer.send(new ProducerRecord<>(topic, keyBytes, value)).get();
    }
  }

  /** Returns all current records of a topic. */
  List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
    long count;
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(client(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      count = consumer.endOffsets(partitions).values().stream().mapToLong(end -> end).sum();
    }
    return read(topic, Math.toIntExact(count));
  }

  /** Returns the first records of a topic; fewer if they do not arrive within 30 seconds. */
  List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(client(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (records.size() < count && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    return records;
  }

  /** Returns the fields of a flat JSON object, as text. */
  static Map<String, String> fields(byte[] json) throws Exception {
    Map<String, String> fields = new LinkedHashMap<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        JsonToken token = parser.nextToken();
        fields.put(name, token == JsonToken.VALUE_NULL ? null : parser.getText());
      }
    }
    return fields;
  }
}
