// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.job;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Writes and reads whole topics. */
final class KafkaTopics implements AutoCloseable {

  private static final JsonFactory JSON = new JsonFactory();

  private final Map<String, Object> client;
  private final KafkaProducer<String, byte[]> producer;

  KafkaTopics(String bootstrap) {
    client = Map.of("bootstrap.servers", bootstrap);
    Map<String, Object> settings = new HashMap<>(client);
    settings.put("linger.ms", 5);
    producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
  }

  void create(String topic, int partitions) throws Exception {
    try (Admin admin = Admin.create(client)) {
      admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
    }
  }

  void send(String topic, String key, byte[] value) {
    producer.send(new ProducerRecord<>(topic, key, value));
  }

  /** Sends one record and returns its place, {@code partition@offset}. */
  String sendNow(String topic, String key, byte[] value) throws Exception {
    return sendNow(topic, null, key, value);
  }

  /** Sends one record with a timestamp of the producer's choice. */
  String sendNow(String topic, @Nullable Long timestamp, String key, byte[] value)
      throws Exception {
    RecordMetadata place =
        producer.send(new ProducerRecord<>(topic, null, timestamp, key, value)).get();
    return place.partition() + "@" + place.offset();
  }

  /** Whether a group has committed the ends of all partitions of a topic. */
  boolean isReadWhole(String topic, String group) throws Exception {
    try (Admin admin = Admin.create(client);
        KafkaConsumer<String, byte[]> consumer =
            new KafkaConsumer<>(client, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList();
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
      return consumer.endOffsets(partitions).entrySet().stream()
          .allMatch(
              end -> {
                OffsetAndMetadata offset = committed.get(end.getKey());
                return offset != null && offset.offset() == end.getValue();
              });
    }
  }

  void flush() {
    producer.flush();
  }

  /** Returns all values of a topic, including those of open transactions. */
  List<String> read(String topic) {
    return read(topic, "read_uncommitted");
  }

  /** Returns the values of committed records of a topic. */
  List<String> readCommitted(String topic) {
    return read(topic, "read_committed");
  }

  private List<String> read(String topic, String isolation) {
    List<String> values = new ArrayList<>();
    Map<String, Object> settings = new HashMap<>(client);
    settings.put("isolation.level", isolation);
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          String value = new String(record.value(), StandardCharsets.UTF_8);
          if (record.key() != null && !record.key().equals(fields(value).get("user_id"))) {
            throw new AssertionError("key " + record.key() + " of " + value);
          }
          values.add(value);
        }
      }
    }
    return values;
  }

  Map<String, String> readByEventId(String topic) {
    Map<String, String> rows = new TreeMap<>();
    for (String value : read(topic)) {
      String before = rows.put(fields(value).get("event_id"), value);
      if (before != null && !before.equals(value)) {
        throw new AssertionError("two rows of one event: " + before + " and " + value);
      }
    }
    return rows;
  }

  static Map<String, String> fields(String json) {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        fields.put(name, parser.nextToken() == JsonToken.VALUE_NULL ? null : parser.getText());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(json, e);
    }
    return fields;
  }

  @Override
  public void close() {
    producer.close();
  }
}
