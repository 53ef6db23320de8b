// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.topic;

import io.dimstore.cli.KafkaOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads topics of Kafka without a consumer group. Every failure is an {@link TopicException}. */
final class TopicBrowser implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);

  private final String bootstrap;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Consumer<String> progress;

  private TopicBrowser(
      String bootstrap, KafkaConsumer<byte[], byte[]> consumer, Consumer<String> progress) {
    this.bootstrap = bootstrap;
    this.progress = progress;
    this.consumer = consumer;
  }

  /**
   * Creates a reader. It connects when it is used.
   *
   * @param progress receives a line when the reader waits for a topic that does not exist
   */
  static TopicBrowser open(
      String bootstrap, Map<String, String> properties, Consumer<String> progress) {
    Map<String, Object> settings = new HashMap<>(properties);
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(
        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) KafkaOptions.PATIENCE.toMillis());
    ByteArrayDeserializer bytes = new ByteArrayDeserializer();
    return attempt(
        bootstrap,
        () -> new TopicBrowser(bootstrap, new KafkaConsumer<>(settings, bytes, bytes), progress));
  }

  /** Returns the partitions of every topic by its name, without Kafka's internal topics. */
  Map<String, List<TopicPartition>> topics() {
    Map<String, List<TopicPartition>> topics = new TreeMap<>();
    attempt(bootstrap, () -> consumer.listTopics(KafkaOptions.PATIENCE))
        .forEach(
            (name, partitions) -> {
              if (!name.startsWith("__")) {
                topics.put(name, partitions.stream().map(TopicBrowser::partition).toList());
              }
            });
    return topics;
  }

  /**
   * Returns how many offsets a topic still has. These are its records, and the marks at the end of
   * transactions.
   */
  long size(List<TopicPartition> partitions) {
    return attempt(
        bootstrap,
        () -> {
          Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
          return consumer.endOffsets(partitions).entrySet().stream()
              .mapToLong(end -> end.getValue() - begins.getOrDefault(end.getKey(), 0L))
              .sum();
        });
  }

  /**
   * Passes on the values of a topic's records, in the order of each partition, until there were
   * {@code limit} of them or none came for so long. Returns how many there were.
   *
   * @param fromStart whether to begin with the first record rather than the next one. A topic that
   *     did not exist at the time of the call is always read from its first record
   */
  long read(
      String topic, boolean fromStart, long limit, Duration wait, Consumer<byte @Nullable []> into)
      throws InterruptedException {
    List<TopicPartition> partitions = topics().get(topic);
    boolean isNew = partitions == null;
    if (isNew) {
      progress.accept("topic " + topic + ": does not exist yet");
    }
    List<TopicPartition> read = partitions == null ? awaitTopic(topic, wait) : partitions;
    return attempt(
        bootstrap,
        () -> {
          consumer.assign(read);
          if (fromStart || isNew) {
            consumer.seekToBeginning(read);
          } else {
            consumer.seekToEnd(read);
          }
          read.forEach(consumer::position);
          return poll(limit, wait, into);
        });
  }

  private long poll(long limit, Duration wait, Consumer<byte @Nullable []> into) {
    long count = 0;
    long last = System.nanoTime();
    do {
      for (ConsumerRecord<byte[], byte[]> one : consumer.poll(POLL)) {
        into.accept(one.value());
        count++;
        if (count == limit) {
          return count;
        }
        last = System.nanoTime();
      }
    } while (System.nanoTime() - last < wait.toNanos());
    if (count == 0) {
      // A poll returns nothing from a broker that is away, too; this call fails then.
      consumer.endOffsets(consumer.assignment());
    }
    return count;
  }

  private List<TopicPartition> awaitTopic(String topic, Duration wait) throws InterruptedException {
    long start = System.nanoTime();
    while (true) {
      Map<String, List<TopicPartition>> topics = topics();
      List<TopicPartition> found = topics.get(topic);
      if (found != null) {
        return found;
      }
      if (System.nanoTime() - start > wait.toNanos()) {
        throw new TopicException(
            "Kafka at "
                + bootstrap
                + " has no topic '"
                + topic
                + "'; there are "
                + (topics.isEmpty() ? "none" : String.join(", ", topics.keySet())),
            null);
      }
      Thread.sleep(POLL.toMillis());
    }
  }

  private static TopicPartition partition(PartitionInfo info) {
    return new TopicPartition(info.topic(), info.partition());
  }

  private static <T> T attempt(String bootstrap, Supplier<T> request) {
    try {
      return request.get();
    } catch (KafkaException e) {
      Throwable deepest = e;
      while (deepest.getCause() != null) {
        deepest = deepest.getCause();
      }
      throw new TopicException(
          "cannot read Kafka at "
              + bootstrap
              + ": "
              + deepest.getMessage()
              + " (is a broker at --bootstrap, and may this client read?)",
          e);
    }
  }

  @Override
  public void close() {
    consumer.close(Duration.ZERO);
  }
}
