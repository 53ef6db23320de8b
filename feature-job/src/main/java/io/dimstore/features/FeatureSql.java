package io.dimstore.features;

import io.dimstore.flink.SqlScript;
import io.dimstore.flink.SqlTemplate;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The SQL of one run: the files with their variables put in, in the order of execution. */
final class FeatureSql {

  private static final List<String> TABLES =
      List.of("dim_user", "dim_item", "online_risk", "online_marketing");

  private final Map<String, String> byFile = new LinkedHashMap<>();

  /**
   * Reads the files.
   *
   * @param results the results to compute or to drain, in the order of the enumeration
   */
  FeatureSql(FeatureJobOptions options, Collection<Result> results) {
    SqlFiles files = new SqlFiles(options.sqlVariant());
    SqlTemplate template = template(options);
    add(files, template, "sources.sql");
    add(files, template, "dimensions.sql");
    for (Result result : results) {
      result.files().forEach(file -> add(files, template, file));
    }
    add(files, template, "dead-letters.sql");
  }

  /** The statements of one file. */
  List<String> statements(String file) {
    return SqlScript.statements(text(file));
  }

  /** The whole text with secrets hidden. */
  String masked() {
    StringBuilder all = new StringBuilder();
    byFile.forEach(
        (file, text) -> all.append("-- ").append(file).append('\n').append(text).append('\n'));
    return SqlScript.masked(all.toString());
  }

  private String text(String file) {
    String text = byFile.get(file);
    if (text == null) {
      throw new IllegalArgumentException(file + " is no file of this run");
    }
    return text;
  }

  private void add(SqlFiles files, SqlTemplate template, String file) {
    byFile.put(file, template.renderFile(SqlFiles.CLASS_PATH, files.path(file)));
  }

  private static SqlTemplate template(FeatureJobOptions options) {
    SqlTemplate template =
        new SqlTemplate()
            .text("events.topic", options.eventsTopic())
            .text("risk.topic", options.riskTopic())
            .text("marketing.topic", options.marketingTopic())
            .text("dead_letters.topic", options.deadLetterTopic())
            .text("job.id", options.groupId())
            .options("source.options", TableOptions.source(options))
            .options("sink.options", TableOptions.sink(options));
    for (String table : options.tableOptions().keySet()) {
      if (!TABLES.contains(table)) {
        throw new IllegalArgumentException(
            "there is no table '" + table + "' to give options to; there are " + TABLES);
      }
    }
    for (String table : TABLES) {
      Map<String, String> given = options.tableOptions().get(table);
      template.options(
          table + ".options", given == null ? TableOptions.store(options, table) : given);
    }
    return template;
  }
}
