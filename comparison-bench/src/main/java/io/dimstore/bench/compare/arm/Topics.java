// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.arm;

import io.dimstore.bench.subject.BenchException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;

/**
 * The Kafka topics of one arm. The broker sets the timestamp of a result when it arrives; that
 * timestamp ends the measured latency.
 *
 * @param events a copy of the events for this arm alone, because the events at a fixed rate are
 *     sent while the arm runs
 */
public record Topics(
    String events,
    String userChanges,
    String itemChanges,
    String risk,
    String marketing,
    String deadLetters) {

  public static final String USER_CHANGES = "dim-user-changes";
  public static final String ITEM_CHANGES = "dim-item-changes";

  public static Topics of(String arm) {
    return new Topics(
        "events." + arm,
        USER_CHANGES,
        ITEM_CHANGES,
        "features.risk." + arm,
        "features.marketing." + arm,
        "dead-letters." + arm);
  }

  public List<String> outputs() {
    return List.of(risk, marketing, deadLetters);
  }

  /** Creates the topics that the arms share. */
  public static void createShared(String bootstrap, int partitions) {
    create(
        bootstrap,
        List.of(
            new NewTopic(USER_CHANGES, partitions, (short) 1),
            new NewTopic(ITEM_CHANGES, partitions, (short) 1)));
  }

  /** Creates the topics of this arm. */
  public void create(String bootstrap, int partitions) {
    Map<String, String> stamped = Map.of("message.timestamp.type", "LogAppendTime");
    create(
        bootstrap,
        List.of(
            new NewTopic(events, partitions, (short) 1),
            new NewTopic(risk, partitions, (short) 1).configs(stamped),
            new NewTopic(marketing, partitions, (short) 1).configs(stamped),
            new NewTopic(deadLetters, partitions, (short) 1).configs(stamped)));
  }

  private static void create(String bootstrap, Collection<NewTopic> topics) {
    Properties properties = new Properties();
    properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    try (Admin admin = Admin.create(properties)) {
      admin.createTopics(topics).all().get(60, TimeUnit.SECONDS);
      awaitLeaders(admin, latest(topics));
    } catch (ExecutionException | TimeoutException e) {
      throw new BenchException("Kafka at " + bootstrap + " did not create the topics: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted", e);
    }
  }

  /**
   * Waits until each partition has a leader. Before that, an idempotent producer can lose its first
   * sequence.
   */
  private static void awaitLeaders(Admin admin, Map<TopicPartition, OffsetSpec> partitions)
      throws ExecutionException, InterruptedException, TimeoutException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try {
        admin.listOffsets(partitions).all().get(60, TimeUnit.SECONDS);
        return;
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof RetriableException) || System.nanoTime() > end) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
  }

  private static Map<TopicPartition, OffsetSpec> latest(Collection<NewTopic> topics) {
    Map<TopicPartition, OffsetSpec> offsets = new HashMap<>();
    for (NewTopic topic : topics) {
      for (int partition = 0; partition < topic.numPartitions(); partition++) {
        offsets.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
      }
    }
    return offsets;
  }
}
