// SPDX-License-Identifier: Apache-2.0
package io.dimstore.forecast;

import io.dimstore.cli.KafkaOptions;
import io.dimstore.cli.Progress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

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
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      List<TopicPartition> partitions = partitions(topic, consumer);
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

  /**
   * Returns the time between the first and the newest record of a topic, without reading it.
   * Returns null for a topic without records, and for brokers that are too old to tell.
   */
  @Nullable Duration span(String topic) throws InterruptedException {
    List<TopicPartition> partitions;
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      partitions = partitions(topic, consumer);
    }
    Map<String, Object> ofAdmin = new HashMap<>(settings);
    ofAdmin.keySet().retainAll(AdminClientConfig.configNames());
    try (Admin admin = Admin.create(ofAdmin)) {
      LongSummaryStatistics first = times(admin, partitions, OffsetSpec.forTimestamp(0));
      LongSummaryStatistics newest = times(admin, partitions, OffsetSpec.maxTimestamp());
      return first.getCount() == 0 || newest.getCount() == 0
          ? null
          : Duration.ofMillis(newest.getMax() - first.getMin());
    }
  }

  /**
   * Returns the time of the record at this offset for each partition. Partitions without such a
   * record are left out.
   */
  private static LongSummaryStatistics times(
      Admin admin, List<TopicPartition> partitions, OffsetSpec which) throws InterruptedException {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    partitions.forEach(partition -> asked.put(partition, which));
    int millis = Math.toIntExact(KafkaOptions.PATIENCE.toMillis());
    try {
      return admin
          .listOffsets(asked, new ListOffsetsOptions().timeoutMs(millis))
          .all()
          .get()
          .values()
          .stream()
          .mapToLong(ListOffsetsResultInfo::timestamp)
          .filter(time -> time >= 0)
          .summaryStatistics();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnsupportedVersionException) {
        return new LongSummaryStatistics();
      }
      throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e);
    }
  }

  private static List<TopicPartition> partitions(
      String topic, KafkaConsumer<byte[], byte[]> consumer) {
    List<PartitionInfo> found = consumer.partitionsFor(topic, KafkaOptions.PATIENCE);
    if (found == null || found.isEmpty()) {
      throw new ForecastException("--changes-topic '" + topic + "': must be a topic that exists");
    }
    return found.stream().map(p -> new TopicPartition(topic, p.partition())).toList();
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static boolean isAtEnd(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }
}
