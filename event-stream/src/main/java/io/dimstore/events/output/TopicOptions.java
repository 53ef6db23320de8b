// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.output;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The Kafka topics that records are written to. Start from {@link #at} and change individual
 * values.
 *
 * @param bootstrap brokers, host:port separated by commas
 * @param refused topic of the refused lines; null if they are kept elsewhere
 * @param partitions number of partitions of topics that do not exist yet
 * @param timestamps time that the Kafka records carry
 * @param clientProperties further settings of the Kafka clients, for instance of security; they
 *     override the defaults of this class. Their values may be secret: {@link #toString} shows the
 *     names alone
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

  /** The default topic of refused lines, which cannot become an event. */
  public static final String REFUSED_LINES = "refused-lines";

  /** The time that a Kafka record carries. */
  public enum Timestamps {
    /** The time at which the record was sent. */
    SEND,
    /**
     * The time at which the record was due. Latency measured from it includes the generator's lag.
     */
    INTENDED,
    /** The time of the event or change itself. */
    EVENT
  }

  /** Rejects fewer than one partition and copies the map. */
  public TopicOptions {
    if (partitions < 1) {
      throw new IllegalArgumentException("partitions is " + partitions + " and must be at least 1");
    }
    clientProperties = Collections.unmodifiableMap(new TreeMap<>(clientProperties));
  }

  /** Returns the default topics on these brokers, with four partitions for topics to be created. */
  public static TopicOptions at(String bootstrap) {
    return new TopicOptions(
        bootstrap, EVENTS, USER_CHANGES, ITEM_CHANGES, REFUSED_LINES, 4, Timestamps.SEND, Map.of());
  }

  /** Returns these options with other topics. */
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

  /** Returns these options with another number of partitions for topics that do not exist yet. */
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

  /** Returns these options with another time on the Kafka records. */
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

  /** Returns these options with other settings of the Kafka clients. */
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
