// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.kafka;

import io.dimstore.jobs.FailureText;
import io.dimstore.jobs.JobException;
import io.dimstore.jobs.StoreCalls;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Checks topics before a job starts. Without the check, the job would wait for a missing topic for
 * ever.
 */
public final class Topics {

  /** How long brokers may take to create topics. */
  private static final int CREATION_SECONDS = 15;

  private Topics() {}

  /**
   * Checks that brokers answer and have these topics.
   *
   * @throws JobException naming what is wrong and the remedy
   */
  public static void require(KafkaConnection kafka, Collection<String> topics)
      throws InterruptedException {
    List<String> missing;
    try (Admin admin = admin(kafka)) {
      Set<String> present = names(admin);
      missing = topics.stream().filter(topic -> !present.contains(topic)).toList();
    } catch (ExecutionException | KafkaException e) {
      throw unusable(kafka, e);
    }
    if (!missing.isEmpty()) {
      throw new JobException(
          kafka
              + " has no topic "
              + String.join(", ", missing)
              + ". Remedy: write to it first, or name the topic that holds the records.",
          null);
    }
  }

  /**
   * Creates topics with the brokers' defaults, unless they exist.
   *
   * @throws JobException naming what is wrong and the remedy
   */
  public static void create(KafkaConnection kafka, Collection<String> topics)
      throws InterruptedException {
    try (Admin admin = admin(kafka)) {
      Set<String> present = names(admin);
      CreateTopicsResult created =
          admin.createTopics(
              topics.stream()
                  .distinct()
                  .filter(topic -> !present.contains(topic))
                  .map(topic -> new NewTopic(topic, Optional.empty(), Optional.empty()))
                  .toList());
      for (Map.Entry<String, KafkaFuture<Void>> one : created.values().entrySet()) {
        await(kafka, one.getKey(), one.getValue());
      }
    } catch (ExecutionException | KafkaException e) {
      throw unusable(kafka, e);
    }
  }

  private static void await(KafkaConnection kafka, String topic, KafkaFuture<Void> created)
      throws InterruptedException {
    try {
      created.get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new JobException(
            kafka
                + " has no topic "
                + topic
                + " and cannot create it ("
                + FailureText.inOneLine(e)
                + "). Remedy: create it.",
            e);
      }
    }
  }

  private static Set<String> names(Admin admin) throws ExecutionException, InterruptedException {
    int millis = Math.toIntExact(StoreCalls.PATIENCE.toMillis());
    return admin.listTopics(new ListTopicsOptions().timeoutMs(millis)).names().get();
  }

  private static Admin admin(KafkaConnection kafka) {
    Map<String, Object> properties = kafka.clientProperties();
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, CREATION_SECONDS * 1000);
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, CREATION_SECONDS * 500);
    return Admin.create(properties);
  }

  private static JobException unusable(KafkaConnection kafka, Exception cause) {
    return new JobException(
        kafka
            + " cannot be used ("
            + FailureText.inOneLine(cause)
            + "). Remedy: check the brokers' addresses and the settings of the Kafka clients.",
        cause);
  }
}
