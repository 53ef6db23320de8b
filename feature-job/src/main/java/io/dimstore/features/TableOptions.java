package io.dimstore.features;

import java.util.LinkedHashMap;
import java.util.Map;

/** The WITH clauses that follow from a run's options. */
final class TableOptions {

  private TableOptions() {}

  static Map<String, String> source(FeatureJobOptions options) {
    Map<String, String> table = kafka(options);
    table.put("properties.group.id", options.groupId());
    table.put("scan.startup.mode", options.startFrom().option());
    if (options.startFrom() == StartFrom.GROUP_OFFSETS) { // for a group that has committed nothing
      table.put("properties.auto.offset.reset", "earliest");
    }
    if (options.bounded()) {
      table.put("scan.bounded.mode", "latest-offset");
    }
    return table;
  }

  /** Rows leave at once: no linger; a batch forms only of what waits anyway. */
  static Map<String, String> sink(FeatureJobOptions options) {
    Map<String, String> table = new LinkedHashMap<>();
    table.put("properties.linger.ms", "0");
    if (options.exactlyOnce()) {
      // Below the brokers' default maximum of 15 minutes, above any checkpoint interval in use.
      table.put("properties.transaction.timeout.ms", "600000");
    }
    table.putAll(kafka(options));
    table.put("sink.delivery-guarantee", options.exactlyOnce() ? "exactly-once" : "at-least-once");
    return table;
  }

  /** A dimension or online table in the store of this run. */
  static Map<String, String> store(FeatureJobOptions options, String name) {
    Map<String, String> table = new LinkedHashMap<>();
    table.put("connector", "dim");
    table.put("store", options.store());
    table.put("table", name);
    if (name.startsWith("online_")) {
      table.put("version.column", "event_time");
    }
    String prefix = options.store() + ".";
    options
        .storeOptions()
        .forEach((key, value) -> table.put(key.startsWith(prefix) ? key : prefix + key, value));
    return table;
  }

  private static Map<String, String> kafka(FeatureJobOptions options) {
    Map<String, String> table = new LinkedHashMap<>();
    options.kafkaProperties().forEach((key, value) -> table.put("properties." + key, value));
    table.put("properties.bootstrap.servers", options.bootstrap());
    return table;
  }
}
