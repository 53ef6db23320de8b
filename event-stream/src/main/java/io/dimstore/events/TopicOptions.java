package io.dimstore.events;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where in Kafka the records go. Start from {@link #at} and change what matters.
 *
 * @param bootstrap brokers, host:port separated by commas
 * @param refused topic of the refused lines; null where another place keeps them
 * @param partitions of topics that do not exist yet
 * @param timestamps what the Kafka records bear as their time
 * @param clientProperties further settings of the Kafka clients, for instance of security; they win
 *     over ours. Their values may be secret: {@link #toString} shows the names alone
 */
public record TopicOptions(
    String bootstrap,
    String events,
    String userChanges,
    String itemChanges,
    @Nullable String refused,
    int partitions,
    Timestamps timestamps,
    Map<String, String> clientProperties) {

  /** The default topic of events. */
  public static final String EVENTS = "events";

  /** The default topic of changes of {@code dim_user}. */
  public static final String USER_CHANGES = "dim-user-changes";

  /** The default topic of changes of {@code dim_item}. */
  public static final String ITEM_CHANGES = "dim-item-changes";

  /** The default topic of lines that cannot be an event. */
  public static final String REFUSED_LINES = "refused-lines";

  /** What a Kafka record bears as its time. */
  public enum Timestamps {
    /** When it was sent. */
    SEND,
    /** When it was due by the schedule: latency counted from it includes the generator's lag. */
    INTENDED,
    /** When it happened. */
    EVENT
  }

  /** Refuses fewer than one partition; copies the map. */
  public TopicOptions {
    if (partitions < 1) {
      throw new IllegalArgumentException("partitions is " + partitions + " and must be at least 1");
    }
    clientProperties = Collections.unmodifiableMap(new TreeMap<>(clientProperties));
  }

  /** The default topics there, of four partitions where they are yet to be made. */
  public static TopicOptions at(String bootstrap) {
    return new TopicOptions(
        bootstrap, EVENTS, USER_CHANGES, ITEM_CHANGES, REFUSED_LINES, 4, Timestamps.SEND, Map.of());
  }

  /** These options with other topics. */
  public TopicOptions withTopics(
      String newEvents, String newUserChanges, String newItemChanges, @Nullable String newRefused) {
    return new TopicOptions(
        bootstrap,
        newEvents,
        newUserChanges,
        newItemChanges,
        newRefused,
        partitions,
        timestamps,
        clientProperties);
  }

  /** These options with another number of partitions for topics that do not exist yet. */
  public TopicOptions withPartitions(int newPartitions) {
    return new TopicOptions(
        bootstrap,
        events,
        userChanges,
        itemChanges,
        refused,
        newPartitions,
        timestamps,
        clientProperties);
  }

  /** These options with other times on the Kafka records. */
  public TopicOptions withTimestamps(Timestamps newTimestamps) {
    return new TopicOptions(
        bootstrap,
        events,
        userChanges,
        itemChanges,
        refused,
        partitions,
        newTimestamps,
        clientProperties);
  }

  /** These options with other settings of the Kafka clients. */
  public TopicOptions withClientProperties(Map<String, String> newProperties) {
    return new TopicOptions(
        bootstrap,
        events,
        userChanges,
        itemChanges,
        refused,
        partitions,
        timestamps,
        newProperties);
  }

  @Override
  public String toString() {
    return "TopicOptions["
        + bootstrap
        + ", topics "
        + events
        + ", "
        + userChanges
        + ", "
        + itemChanges
        + ", "
        + refused
        + ", client properties "
        + clientProperties.keySet()
        + "]";
  }
}
