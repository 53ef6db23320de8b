// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.kafka;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The brokers of a job and how to reach them, as options of its tables. Immutable.
 *
 * @param bootstrap the brokers, {@code host:port,…}
 * @param properties further properties of the Kafka clients, without Flink's prefix
 */
public record KafkaConnection(String bootstrap, Map<String, String> properties) {

  private static final String PREFIX = "properties.";

  /** Copies the properties. */
  public KafkaConnection {
    properties = Map.copyOf(properties);
  }

  /** Returns the properties of a client of these brokers; the caller may change the map. */
  public Map<String, Object> clientProperties() {
    Map<String, Object> client = new HashMap<>(properties);
    client.put("bootstrap.servers", bootstrap);
    return client;
  }

  /** Returns the options of any table on these brokers; the caller may change the map. */
  public Map<String, String> tableOptions() {
    Map<String, String> table = new LinkedHashMap<>();
    properties.forEach((key, value) -> table.put(PREFIX + key, value));
    table.put(PREFIX + "bootstrap.servers", bootstrap);
    return table;
  }

  /**
   * Returns the options of a source of connector {@code kafka-lossless}; the caller may change the
   * map.
   */
  public Map<String, String> sourceOptions(Reading reading) {
    Map<String, String> table = tableOptions();
    table.put(PREFIX + "group.id", reading.groupId());
    table.put("scan.startup.mode", reading.startFrom().option());
    table.put(LosslessKafkaFactory.LOST_RECORDS.key(), reading.lostRecords().toString());
    if (reading.bounded()) {
      table.put("scan.bounded.mode", "latest-offset");
    }
    return table;
  }

  @Override
  public String toString() {
    return "Kafka at " + bootstrap; // the properties may be secret
  }
}
