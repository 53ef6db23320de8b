// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.jobs.sql.SqlScript;
import io.dimstore.jobs.sql.SqlTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The SQL statements of one run.
 *
 * @param sources for each dimension the table {@code <name>_records}
 * @param sinks for each dimension its table {@code <table>_versioned}, and the INSERT into it from
 *     {@code <name>_changes}
 * @param deadLetters the dead-letter table, and the INSERT from {@code dead_letters}
 */
record WriterSql(List<String> sources, List<String> sinks, List<String> deadLetters) {

  /** Returns the statements of a run. They contain secrets. */
  static WriterSql of(WriterOptions options) {
    List<String> sources = new ArrayList<>();
    List<String> sinks = new ArrayList<>();
    for (WriterOptions.Route route : options.routes()) {
      SqlTemplate template =
          new SqlTemplate()
              .identifier("dimension", route.dimension().name())
              .identifier("table", route.dimension().defaultTable() + "_versioned")
              .identifier("records.table", route.dimension().name() + "_records")
              .text("records.topic", route.topic())
              .options("records.options", options.job().sourceOptions())
              .columns("columns", route.dimension().columns())
              .names("key", route.dimension().keyColumns())
              .options("table.options", table(options, route));
      sources.addAll(statements(template, "sql/jobs/records.sql"));
      sinks.addAll(statements(template, "sql/writer/dimension.sql"));
    }
    SqlTemplate template =
        new SqlTemplate()
            .text("dead_letters.topic", options.deadLetterTopic())
            .options("dead_letters.options", deadLetters(options));
    return new WriterSql(sources, sinks, statements(template, "sql/jobs/dead-letters.sql"));
  }

  /** Returns all statements as one SQL script. It contains secrets. */
  String text() {
    List<String> all = new ArrayList<>(sources);
    all.addAll(sinks);
    all.addAll(deadLetters);
    return String.join(";\n\n", all) + ";\n";
  }

  private static List<String> statements(SqlTemplate template, String file) {
    return SqlScript.statements(template.renderFile(WriterSql.class.getClassLoader(), file));
  }

  private static Map<String, String> deadLetters(WriterOptions options) {
    Map<String, String> table = options.job().kafka().tableOptions();
    table.put("sink.delivery-guarantee", "at-least-once");
    return table;
  }

  private static Map<String, String> table(WriterOptions options, WriterOptions.Route route) {
    Map<String, String> table = options.job().storeTable(route.table());
    table.putAll(route.tableOptions());
    table.put(WriterOptions.ORDER, WriterOptions.BY_VERSION);
    return table;
  }
}
