package io.dimstore.bench.forecast;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic from its begin to what it holds now, or to a limit. */
final class TopicReader {

  private static final Duration POLL = Duration.ofSeconds(1);
  private static final int PROGRESS = 50_000;

  private TopicReader() {}

  /** Whether the topic was read to its end. */
  static boolean read(
      String bootstrap, String topic, long limit, ChangeTopic into, Consumer<String> progress) {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", bootstrap);
    settings.put("enable.auto.commit", "false");
    settings.put("isolation.level", "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<PartitionInfo> found = consumer.partitionsFor(topic, Duration.ofSeconds(30));
      if (found == null || found.isEmpty()) {
        throw new ForecastException("--changes: Kafka has no topic '" + topic + "'.");
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
            into.add(one.value(), one.timestamp());
            if (into.records() % PROGRESS == 0) {
              progress.accept("read " + into.records() + " changes");
            }
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
