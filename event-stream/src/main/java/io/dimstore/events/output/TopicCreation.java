// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.output;

import io.dimstore.cli.KafkaOptions;
import io.dimstore.events.record.EventStreamException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the topics that a writer needs. */
final class TopicCreation {

  private static final int TIMEOUT_MILLIS = 15_000;
  private static final int POLL_MILLIS = 50;

  private TopicCreation() {}

  /**
   * Creates the missing topics with the broker's default replication. Returns when the leader of
   * every partition serves requests.
   *
   * <p>A topic exists before its leaders know that they lead it. In that interval a leader may
   * reject a producer's first batch and accept its second, because a partition without history
   * accepts any first sequence number. The first batch is then out of order until it times out.
   * This method requests offsets from each leader, so that the interval is over when it returns.
   */
  static void prepare(TopicOptions options) {
    Map<String, Object> config = new HashMap<>();
    config.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, options.bootstrap());
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    config.putAll(options.clientProperties());
    List<NewTopic> topics = new ArrayList<>();
    for (String name : names(options)) {
      topics.add(new NewTopic(name, Optional.of(options.partitions()), Optional.empty()));
    }
    try (Admin admin = Admin.create(config)) {
      requireBroker(options, admin);
      for (var created : admin.createTopics(topics).values().entrySet()) {
        await(options, created.getKey(), created.getValue());
      }
      awaitLeaders(options, admin, names(options));
    } catch (KafkaException e) {
      throw failure(options, "cannot reach Kafka", e);
    }
  }

  private static List<String> names(TopicOptions options) {
    List<String> names =
        new ArrayList<>(List.of(options.events(), options.userChanges(), options.itemChanges()));
    if (options.refused() != null) {
      names.add(options.refused());
    }
    return names.stream().distinct().toList();
  }

  /** Fails soon if no broker answers. To create topics may take longer. */
  private static void requireBroker(TopicOptions options, Admin admin) {
    try {
      int millis = Math.toIntExact(KafkaOptions.PATIENCE.toMillis());
      admin.describeCluster(new DescribeClusterOptions().timeoutMs(millis)).nodes().get();
    } catch (ExecutionException e) {
      throw failure(options, "cannot reach Kafka", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EventStreamException("interrupted before a broker answered", e);
    }
  }

  private static void await(TopicOptions options, String topic, KafkaFuture<Void> created) {
    try {
      created.get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw failure(options, "cannot create the topic " + topic, e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EventStreamException("interrupted while the topics were created", e);
    }
  }

  private static void awaitLeaders(TopicOptions options, Admin admin, List<String> topics) {
    try {
      Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
      for (TopicDescription topic : described(admin, topics)) {
        for (TopicPartitionInfo partition : topic.partitions()) {
          partitions.put(
              new TopicPartition(topic.name(), partition.partition()), OffsetSpec.latest());
        }
      }
      admin.listOffsets(partitions).all().get();
    } catch (ExecutionException e) {
      throw failure(options, "the leaders of the topics " + topics + " do not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EventStreamException("interrupted while the topics were created", e);
    }
  }

  /** Waits for topics that the answering broker does not know yet. */
  private static Collection<TopicDescription> described(Admin admin, List<String> topics)
      throws ExecutionException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS);
    while (true) {
      try {
        return admin.describeTopics(topics).allTopicNames().get().values();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof RetriableException) || System.nanoTime() > deadline) {
          throw e;
        }
        Thread.sleep(POLL_MILLIS);
      }
    }
  }

  static EventStreamException failure(TopicOptions options, String what, Throwable cause) {
    return new EventStreamException(
        what
            + " at "
            + options.bootstrap()
            + ": "
            + deepest(cause)
            + " (is a broker at --bootstrap, and may this client write?)",
        cause);
  }

  /**
   * Returns the deepest message. Kafka wraps the cause in a general failure to construct or
   * execute.
   */
  private static String deepest(Throwable cause) {
    Throwable deepest = cause;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest.getMessage() == null ? deepest.getClass().getSimpleName() : deepest.getMessage();
  }
}
