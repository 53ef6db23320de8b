package io.dimstore.writer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The statements of one run.
 *
 * @param sources for each dimension the table {@code <name>_records}
 * @param sinks for each dimension its table, and the INSERT from {@code <name>_changes}
 * @param deadLetters the dead-letter table, and the INSERT from {@code dead_letters}
 */
record WriterSql(List<String> sources, List<String> sinks, List<String> deadLetters) {

  /** The statements to run. */
  static WriterSql of(WriterOptions options) {
    return of(options, false);
  }

  /** The statements to show, with stars for secrets. */
  static WriterSql masked(WriterOptions options) {
    return of(options, true);
  }

  private static WriterSql of(WriterOptions options, boolean masked) {
    List<String> sources = new ArrayList<>();
    List<String> sinks = new ArrayList<>();
    for (WriterOptions.Route route : options.routes()) {
      String name = route.dimension().name();
      sources.addAll(
          SqlFile.statements(
              "changes.sql",
              Map.of(
                  "dimension",
                  name,
                  "topic",
                  SqlFile.text(route.topic()),
                  "source.options",
                  list(options, source(options), masked))));
      sinks.addAll(
          SqlFile.statements(
              "dim-" + name + ".sql",
              Map.of("table.options", list(options, table(options, route), masked))));
    }
    List<String> deadLetters =
        SqlFile.statements(
            "dead-letters.sql",
            Map.of(
                "dead_letters.topic",
                SqlFile.text(options.deadLetterTopic()),
                "sink.options",
                list(options, kafka(options), masked)));
    return new WriterSql(sources, sinks, deadLetters);
  }

  /** All statements, as a file that could be run. */
  String text() {
    List<String> all = new ArrayList<>(sources);
    all.addAll(sinks);
    all.addAll(deadLetters);
    return String.join(";\n\n", all) + ";\n";
  }

  private static String list(
      WriterOptions options, Map<String, String> tableOptions, boolean masked) {
    return SqlFile.options(masked ? Secrets.masked(options.store(), tableOptions) : tableOptions);
  }

  private static Map<String, String> source(WriterOptions options) {
    Map<String, String> table = kafka(options);
    table.put("properties.group.id", options.groupId());
    table.put("properties.auto.offset.reset", "earliest");
    table.put("scan.startup.mode", options.startFrom().option());
    if (options.bounded()) {
      table.put("scan.bounded.mode", "latest-offset");
    }
    return table;
  }

  private static Map<String, String> kafka(WriterOptions options) {
    Map<String, String> table = new LinkedHashMap<>();
    options.kafkaProperties().forEach((key, value) -> table.put("properties." + key, value));
    table.put("properties.bootstrap.servers", options.bootstrap());
    return table;
  }

  private static Map<String, String> table(WriterOptions options, WriterOptions.Route route) {
    Map<String, String> table = new LinkedHashMap<>();
    table.put("connector", "dim");
    table.put("store", options.store());
    table.put("table", route.table());
    options
        .storeOptions()
        .forEach(
            (key, value) ->
                table.put(
                    options.store() + "." + StoreTable.withoutPrefix(options.store(), key), value));
    table.putAll(route.tableOptions());
    return table;
  }
}
