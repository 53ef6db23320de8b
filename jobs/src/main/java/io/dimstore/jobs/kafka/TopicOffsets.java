// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.kafka;

import java.io.Serializable;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads from the brokers which offsets partitions hold. Each call opens and closes a client, since
 * readers call it when they start or fail. Thread-safe.
 */
class TopicOffsets implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final String PREFIX = "properties.";
  private static final int TIMEOUT_SECONDS = 60;

  private final Map<String, String> clientProperties;
  private final String groupId;

  TopicOffsets(Map<String, String> clientProperties, String groupId) {
    this.clientProperties = clientProperties;
    this.groupId = groupId;
  }

  /**
   * The offsets of one partition.
   *
   * @param first the offset of the first remaining record
   * @param end the offset of the next record to be written
   * @param committed the committed offset of the consumer group, or null if it has committed
   *     nothing
   */
  record Range(long first, long end, @Nullable Long committed) {}

  /** The options with the prefix of Kafka's properties that an admin client understands. */
  static Map<String, String> clientProperties(Map<String, String> tableOptions) {
    Map<String, String> properties = new HashMap<>();
    tableOptions.forEach(
        (key, value) -> {
          String name = key.startsWith(PREFIX) ? key.substring(PREFIX.length()) : "";
          boolean ofConsumers =
              ConsumerConfig.configNames().contains(name)
                  && !AdminClientConfig.configNames().contains(name);
          if (!name.isEmpty() && !ofConsumers) {
            properties.put(name, value);
          }
        });
    return properties;
  }

  /**
   * Reads the offsets of partitions.
   *
   * @param ofGroup whether to read the committed offsets of the group
   * @throws IllegalStateException if the brokers do not answer, or the thread is interrupted
   */
  Map<TopicPartition, Range> read(Collection<TopicPartition> partitions, boolean ofGroup) {
    try (Admin admin = Admin.create(Map.copyOf(clientProperties))) {
      Map<TopicPartition, ListOffsetsResultInfo> first =
          await(admin.listOffsets(all(partitions, OffsetSpec.earliest())).all());
      Map<TopicPartition, ListOffsetsResultInfo> end =
          await(admin.listOffsets(all(partitions, OffsetSpec.latest())).all());
      Map<TopicPartition, OffsetAndMetadata> committed =
          !ofGroup
              ? Map.of()
              : await(
                  admin
                      .listConsumerGroupOffsets(
                          Map.of(
                              groupId,
                              new ListConsumerGroupOffsetsSpec()
                                  .topicPartitions(List.copyOf(partitions))))
                      .partitionsToOffsetAndMetadata(groupId));
      Map<TopicPartition, Range> ranges = new HashMap<>();
      for (TopicPartition partition : partitions) {
        OffsetAndMetadata position = committed.get(partition);
        ranges.put(
            partition,
            new Range(
                Objects.requireNonNull(first.get(partition)).offset(),
                Objects.requireNonNull(end.get(partition)).offset(),
                position == null ? null : position.offset()));
      }
      return ranges;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while Kafka listed offsets", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("Kafka did not list the offsets of " + partitions, e);
    }
  }

  private static Map<TopicPartition, OffsetSpec> all(
      Collection<TopicPartition> partitions, OffsetSpec spec) {
    return partitions.stream().collect(Collectors.toMap(each -> each, each -> spec));
  }

  private static <T> T await(KafkaFuture<T> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
