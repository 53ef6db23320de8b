// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.kafka;

import io.dimstore.jobs.FailureText;
import io.dimstore.jobs.JobException;
import io.dimstore.jobs.StoreCalls;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/**
 * Checks topics before a job starts. Without the check, the job would wait for a missing topic for
 * ever. The brokers are asked when the check is started, so that a command can check other servers
 * while it waits for them. Not thread-safe.
 */
public final class TopicPreflight implements AutoCloseable {

  /** How long brokers may take to create topics. */
  private static final int CREATION_SECONDS = 15;

  private final KafkaConnection kafka;
  private final @Nullable Admin admin;
  private final CompletableFuture<Set<String>> present;

  private TopicPreflight(
      KafkaConnection kafka, @Nullable Admin admin, CompletableFuture<Set<String>> present) {
    this.kafka = kafka;
    this.admin = admin;
    this.present = present;
  }

  /** Asks the brokers for their topics. Does not wait for the answer, and never fails. */
  public static TopicPreflight of(KafkaConnection kafka) {
    try {
      Admin admin = Admin.create(properties(kafka));
      int millis = Math.toIntExact(StoreCalls.PATIENCE.toMillis());
      KafkaFuture<Set<String>> names =
          admin.listTopics(new ListTopicsOptions().timeoutMs(millis)).names();
      return new TopicPreflight(kafka, admin, names.toCompletionStage().toCompletableFuture());
    } catch (KafkaException e) {
      return new TopicPreflight(kafka, null, CompletableFuture.failedFuture(e));
    }
  }

  /**
   * Checks that brokers answer and have these topics.
   *
   * @throws JobException naming what is wrong and the remedy
   */
  public void require(Collection<String> topics) throws InterruptedException {
    Set<String> found = present();
    List<String> missing = topics.stream().filter(topic -> !found.contains(topic)).toList();
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
  public void create(Collection<String> topics) throws InterruptedException {
    Set<String> found = present();
    CreateTopicsResult created =
        Objects.requireNonNull(admin)
            .createTopics(
                topics.stream()
                    .distinct()
                    .filter(topic -> !found.contains(topic))
                    .map(topic -> new NewTopic(topic, Optional.empty(), Optional.empty()))
                    .toList());
    for (Map.Entry<String, KafkaFuture<Void>> one : created.values().entrySet()) {
      await(one.getKey(), one.getValue());
    }
  }

  private void await(String topic, KafkaFuture<Void> created) throws InterruptedException {
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

  private Set<String> present() throws InterruptedException {
    try {
      return present.get();
    } catch (ExecutionException e) {
      throw new JobException(
          kafka
              + " cannot be used ("
              + FailureText.inOneLine(e)
              + "). Remedy: check --bootstrap and the settings of the Kafka clients.",
          e);
    }
  }

  private static Map<String, Object> properties(KafkaConnection kafka) {
    Map<String, Object> properties = kafka.clientProperties();
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, CREATION_SECONDS * 1000);
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, CREATION_SECONDS * 500);
    return properties;
  }

  /** Ends the connections to the brokers, without waiting for an answer. */
  @Override
  public void close() {
    if (admin != null) {
      admin.close(Duration.ZERO);
    }
  }
}
