package io.dimstore.writer;

import io.dimstore.flink.SqlScript;
import io.dimstore.flink.SqlTemplate;
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

  /** The statements to run; secrets stand in them. */
  static WriterSql of(WriterOptions options) {
    List<String> sources = new ArrayList<>();
    List<String> sinks = new ArrayList<>();
    for (WriterOptions.Route route : options.routes()) {
      SqlTemplate template =
          new SqlTemplate()
              .identifier("dimension", route.dimension().name())
              .text("topic", route.topic())
              .options("source.options", source(options))
              .options("table.options", table(options, route));
      sources.addAll(statements(template, "changes.sql"));
      sinks.addAll(statements(template, "dim-" + route.dimension().name() + ".sql"));
    }
    SqlTemplate template =
        new SqlTemplate()
            .text("dead_letters.topic", options.deadLetterTopic())
            .options("sink.options", kafka(options));
    return new WriterSql(sources, sinks, statements(template, "dead-letters.sql"));
  }

  /** All statements, as a file that could be run. */
  String text() {
    List<String> all = new ArrayList<>(sources);
    all.addAll(sinks);
    all.addAll(deadLetters);
    return String.join(";\n\n", all) + ";\n";
  }

  private static List<String> statements(SqlTemplate template, String file) {
    return SqlScript.statements(
        template.renderFile(WriterSql.class.getClassLoader(), "sql/writer/" + file));
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
    table.put("sink.order", "version"); // of a change topic the newest version stands
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
