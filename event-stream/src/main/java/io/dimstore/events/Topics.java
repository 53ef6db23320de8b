package io.dimstore.events;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;

/** Makes the topics that a writer needs. */
final class Topics {

  private static final int TIMEOUT_MILLIS = 15_000;

  private Topics() {}

  /** Creates those that do not exist, with the broker's default replication. */
  static void createMissing(TopicOptions options) {
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
      for (var created : admin.createTopics(topics).values().entrySet()) {
        await(options, created.getKey(), created.getValue());
      }
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

  private static void await(TopicOptions options, String topic, KafkaFuture<Void> created) {
    try {
      created.get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw failure(options, "cannot create the topic " + topic, e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EventStreamException("interrupted while the topics were made", e);
    }
  }

  static EventStreamException failure(TopicOptions options, String what, Throwable cause) {
    return new EventStreamException(
        what
            + " at "
            + options.bootstrap()
            + ": "
            + deepest(cause)
            + " (is a broker there, and may this client write?)",
        cause);
  }

  /** Kafka wraps what matters in a general failure to construct or to execute. */
  private static String deepest(Throwable cause) {
    Throwable deepest = cause;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest.getMessage() == null ? deepest.getClass().getSimpleName() : deepest.getMessage();
  }
}
