// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.kafka;

import io.dimstore.jobs.FailureText;
import io.dimstore.jobs.JobException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Checks topics before a job starts. Without the check, the job would wait for a missing topic for
 * ever.
 */
public final class Topics {

  private static final int SECONDS = 15;

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
      Set<String> present = admin.listTopics().names().get(SECONDS, TimeUnit.SECONDS);
      missing = topics.stream().filter(topic -> !present.contains(topic)).toList();
    } catch (ExecutionException | TimeoutException | KafkaException e) {
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
   * Creates a topic with the brokers' defaults unless it exists.
   *
   * @throws JobException naming what is wrong and the remedy
   */
  public static void create(KafkaConnection kafka, String topic) throws InterruptedException {
    try (Admin admin = admin(kafka)) {
      if (!admin.listTopics().names().get(SECONDS, TimeUnit.SECONDS).contains(topic)) {
        admin
            .createTopics(List.of(new NewTopic(topic, Optional.empty(), Optional.empty())))
            .all()
            .get(SECONDS, TimeUnit.SECONDS);
      }
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
    } catch (TimeoutException | KafkaException e) {
      throw unusable(kafka, e);
    }
  }

  private static Admin admin(KafkaConnection kafka) {
    Map<String, Object> properties = kafka.clientProperties();
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, SECONDS * 1000);
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, SECONDS * 500);
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
