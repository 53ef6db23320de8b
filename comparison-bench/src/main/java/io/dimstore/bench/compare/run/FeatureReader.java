// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.run;

import io.dimstore.bench.compare.arm.Topics;
import io.dimstore.bench.compare.oracle.FeatureRows;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the results of one arm from Kafka, from the beginning. Not thread-safe. */
final class FeatureReader implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(20);

  private final Topics topics;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final FeatureRows risk;
  private final FeatureRows marketing;
  private long deadLetters;

  FeatureReader(String bootstrap, Topics topics, int partitions, int expected) {
    this.topics = topics;
    this.risk = new FeatureRows(expected);
    this.marketing = new FeatureRows(expected);
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                20,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                5_000,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> all =
        topics.outputs().stream()
            .flatMap(
                topic ->
                    java.util.stream.IntStream.range(0, partitions)
                        .mapToObj(p -> new TopicPartition(topic, p)))
            .toList();
    consumer.assign(all);
    consumer.seekToBeginning(all);
  }

  /**
   * Reads the records that have arrived, after waiting for a short time at most. Returns whether
   * there were any.
   */
  boolean poll() {
    boolean any = false;
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      any = true;
      if (record.topic().equals(topics.risk())) {
        risk.add(record.value(), record.timestamp());
      } else if (record.topic().equals(topics.marketing())) {
        marketing.add(record.value(), record.timestamp());
      } else {
        deadLetters++;
      }
    }
    return any;
  }

  /**
   * Returns the number of processed events. An event is processed when it has both features or is a
   * dead letter.
   */
  long done() {
    return Math.min(risk.size(), marketing.size()) + deadLetters;
  }

  FeatureRows risk() {
    return risk;
  }

  FeatureRows marketing() {
    return marketing;
  }

  long deadLetters() {
    return deadLetters;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
