// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.job;

import java.util.LinkedHashMap;
import java.util.Map;

/** The WITH clauses that follow from a run's options. */
final class WithClauses {

  private WithClauses() {}

  /**
   * Sends rows at once, without linger. A batch consists only of rows that are waiting anyway, so
   * while none wait, its size changes nothing. Under load, larger batches are fewer requests to the
   * brokers. The buffer is smaller than Kafka's default of 32 MB, in which tens of thousands of
   * rows would wait if the brokers do not keep up.
   */
  static Map<String, String> sink(FeatureJobOptions options) {
    Map<String, String> table = new LinkedHashMap<>();
    table.put("properties.linger.ms", "0");
    table.put("properties.batch.size", "131072");
    table.put("properties.buffer.memory", "8388608");
    if (options.exactlyOnce()) {
      // Below the brokers' default maximum of 15 minutes, above any checkpoint interval in use.
      table.put("properties.transaction.timeout.ms", "600000");
    }
    table.putAll(options.job().kafka().tableOptions());
    table.put("sink.delivery-guarantee", options.exactlyOnce() ? "exactly-once" : "at-least-once");
    return table;
  }

  /** The dead-letter topic. */
  static Map<String, String> deadLetters(FeatureJobOptions options) {
    Map<String, String> table = sink(options);
    table.put("sink.transactional-id-prefix", options.job().reading().groupId() + "-dead-letters");
    return table;
  }

  /**
   * Returns the options of a dimension or online table in the store of this run. Rows of an online
   * table wait for each other: a tenth of a second later, but a fraction of the requests.
   */
  static Map<String, String> store(FeatureJobOptions options, String name) {
    Map<String, String> table = options.job().storeTable(name);
    if (name.startsWith("online_")) {
      table.put("version.column", "event_time");
      table.putIfAbsent("sink.delay", "100 ms");
    }
    return table;
  }
}
