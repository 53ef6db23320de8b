package io.dimstore.writer;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Asks Kafka and the store what would else fail inside a running job, which tries again for a long
 * time before it tells. Needs to reach both from where it runs.
 */
public final class Preflight {

  private static final int SECONDS = 15;

  private Preflight() {}

  /**
   * Passes when the brokers answer, every change topic is there and the store can hold each table;
   * a table that is missing is the job's to create. Creates the dead-letter topic unless it is
   * there.
   *
   * @throws WriterException naming what is wrong and the remedy
   */
  public static void check(WriterOptions options) throws InterruptedException {
    checkStore(options);
    checkTopics(options);
  }

  private static void checkTopics(WriterOptions options) throws InterruptedException {
    Map<String, Object> properties = new HashMap<>(options.kafkaProperties());
    properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, options.bootstrap());
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, SECONDS * 1000);
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, SECONDS * 500);
    try (Admin admin = Admin.create(properties)) {
      Set<String> there = admin.listTopics().names().get(SECONDS, TimeUnit.SECONDS);
      List<String> missing = new ArrayList<>();
      for (WriterOptions.Route route : options.routes()) {
        if (!there.contains(route.topic())) {
          missing.add(route.topic());
        }
      }
      if (!missing.isEmpty()) {
        throw new WriterException(
            "Kafka at "
                + options.bootstrap()
                + " has no topic "
                + String.join(", ", missing)
                + ": write the changes first, or name the topics that hold them.",
            null);
      }
      if (!there.contains(options.deadLetterTopic())) {
        create(admin, options.deadLetterTopic());
      }
    } catch (ExecutionException | TimeoutException | org.apache.kafka.common.KafkaException e) {
      throw new WriterException(
          "Kafka at "
              + options.bootstrap()
              + " does not serve us: "
              + WriterException.line(e)
              + " Check bootstrap and the Kafka properties.",
          e);
    }
  }

  private static void create(Admin admin, String topic)
      throws InterruptedException, ExecutionException, TimeoutException {
    NewTopic letters = new NewTopic(topic, Optional.empty(), Optional.empty());
    try {
      admin.createTopics(List.of(letters)).all().get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new WriterException(
            "The dead-letter topic "
                + topic
                + " is not there and cannot be created: "
                + WriterException.line(e),
            e);
      }
    }
  }

  private static void checkStore(WriterOptions options) throws InterruptedException {
    for (WriterOptions.Route route : options.routes()) {
      try {
        StoreTable table = StoreTable.of(options.store(), options.storeOptions(), route);
        try (DimensionStore store = table.open()) {
          await(store.ping());
          validate(store, table);
        }
      } catch (StoreException e) {
        throw new WriterException("Store '" + options.store() + "': " + WriterException.line(e), e);
      }
    }
  }

  private static void validate(DimensionStore store, StoreTable table) throws InterruptedException {
    try {
      await(store.validate(table.spec()));
    } catch (StoreException e) {
      if (e.kind() != StoreException.Kind.NO_TABLE) {
        throw e;
      }
    }
  }

  static <T> T await(CompletionStage<T> stage) throws InterruptedException {
    try {
      return stage.toCompletableFuture().get();
    } catch (ExecutionException e) {
      StoreException failure = StoreException.find(e);
      throw failure == null ? new WriterException(WriterException.line(e), e) : failure;
    }
  }
}
