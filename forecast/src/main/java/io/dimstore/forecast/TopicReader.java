// SPDX-License-Identifier: Apache-2.0
package io.dimstore.forecast;

import io.dimstore.cli.Progress;
import io.dimstore.jobs.StoreCalls;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic from its beginning to its current end, or up to a limit. */
final class TopicReader {

  private static final Duration POLL = Duration.ofSeconds(1);

  private final Map<String, Object> settings;
  private final Progress progress;

  TopicReader(String bootstrap, Map<String, String> properties, Progress progress) {
    this.settings = new HashMap<>(properties);
    this.progress = progress;
    settings.put("bootstrap.servers", bootstrap);
    settings.put("enable.auto.commit", "false");
    settings.put("allow.auto.create.topics", "false");
    settings.put("isolation.level", "read_committed");
  }

  /**
   * Reads the topic's records into {@code into}. Returns whether it reached the end of the topic.
   */
  boolean read(String topic, long limit, ChangeTopic into) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<PartitionInfo> found = consumer.partitionsFor(topic, StoreCalls.PATIENCE);
      if (found == null || found.isEmpty()) {
        throw new ForecastException("--changes-topic '" + topic + "': must be a topic that exists");
      }
      List<TopicPartition> partitions =
          found.stream().map(p -> new TopicPartition(topic, p.partition())).toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (into.records() < limit && !isAtEnd(consumer, ends)) {
        for (ConsumerRecord<byte[], byte[]> one : consumer.poll(POLL)) {
          TopicPartition partition = new TopicPartition(topic, one.partition());
          if (into.records() < limit && one.offset() < ends.getOrDefault(partition, 0L)) {
            into.add(one.key(), one.value(), one.timestamp());
            progress.update("changes", into.records(), -1);
          }
        }
      }
      return isAtEnd(consumer, ends);
    }
  }

  private static boolean isAtEnd(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }
}
