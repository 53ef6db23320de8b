package io.dimstore.features;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Asks Kafka for the event topic before a job starts that would otherwise wait for it for ever. */
final class KafkaCheck {

  private static final int TIMEOUT_MILLIS = 10_000;

  private KafkaCheck() {}

  /**
   * Checks that the topic is there.
   *
   * @throws IllegalStateException with what is wrong and what to do
   */
  static void check(FeatureJobOptions options) throws InterruptedException {
    Map<String, Object> settings = new HashMap<>(options.kafkaProperties());
    settings.put("bootstrap.servers", options.bootstrap());
    String topic = options.eventsTopic();
    try (Admin admin = Admin.create(settings)) {
      admin
          .describeTopics(List.of(topic), new DescribeTopicsOptions().timeoutMs(TIMEOUT_MILLIS))
          .allTopicNames()
          .get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          e.getCause() instanceof UnknownTopicOrPartitionException
              ? "there is no topic '" + topic + "': write events to it first, or give --events"
              : unreachable(options, e));
    } catch (KafkaException e) {
      throw new IllegalStateException(unreachable(options, e));
    }
  }

  private static String unreachable(FeatureJobOptions options, Throwable cause) {
    return "Kafka at "
        + options.bootstrap()
        + " does not answer; check --bootstrap ("
        + Failures.inOneLine(cause)
        + ")";
  }
}
