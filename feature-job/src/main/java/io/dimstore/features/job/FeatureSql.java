// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.job;

import io.dimstore.jobs.sql.Dimension;
import io.dimstore.jobs.sql.Dimensions;
import io.dimstore.jobs.sql.SqlScript;
import io.dimstore.jobs.sql.SqlTemplate;
import io.dimstore.jobs.sql.StoreTable;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The SQL of one run: the contents of the SQL files with their variables replaced, in the order of
 * execution.
 */
public final class FeatureSql {

  /** The tables that take options: the dimensions and the online tables. */
  private static final List<String> TABLES =
      Stream.concat(
              Dimensions.builtIn().stream().map(Dimension::defaultTable),
              Stream.of("online_risk", "online_marketing"))
          .toList();

  /** The event topic. */
  static final String SOURCES = "sources";

  /** The tables of the built-in dimensions. */
  static final String DIMENSIONS = "dimensions";

  /** The view that joins an event with its dimensions. */
  static final String ENRICHED = "enriched.sql";

  /** The dead-letter topic and the inserts into it. */
  static final String DEAD_LETTERS = "dead letters";

  private final Map<String, String> byPart = new LinkedHashMap<>();

  /**
   * Reads the SQL files.
   *
   * @param results the results to compute or to drain, in the order of the enumeration
   */
  FeatureSql(FeatureJobOptions options, Collection<Result> results) {
    SqlFiles files = new SqlFiles(options.sqlVariant());
    SqlTemplate template = template(options);
    add(template, SOURCES, "sql/jobs/records.sql");
    add(template, DIMENSIONS, files.dimensions());
    add(template, ENRICHED, files.path(ENRICHED));
    for (Result result : results) {
      result.files().forEach(file -> add(template, file, files.path(file)));
    }
    add(template, DEAD_LETTERS, "sql/jobs/dead-letters.sql");
  }

  /** Reads the SQL files of the results that the options request. */
  public static FeatureSql of(FeatureJobOptions options) {
    return new FeatureSql(options, options.feature().results());
  }

  /** Returns the statements of one file. */
  List<String> statements(String file) {
    return SqlScript.statements(text(file));
  }

  /** Returns the dimension tables that are in a store of the SPI. The job only reads them. */
  public List<StoreTable> dimensionTables() {
    return Dimensions.stored(text(DIMENSIONS));
  }

  /** Returns the online tables that are in a store of the SPI. The job creates and writes them. */
  public List<StoreTable> onlineTables() {
    StringBuilder results = new StringBuilder();
    byPart.forEach(
        (part, text) -> {
          if (!part.equals(DIMENSIONS)) {
            results.append(text).append('\n');
          }
        });
    return Dimensions.stored(results.toString());
  }

  /** Returns the whole text with secrets masked. */
  public String masked() {
    StringBuilder all = new StringBuilder();
    byPart.forEach(
        (file, text) -> all.append("-- ").append(file).append('\n').append(text).append('\n'));
    return SqlScript.masked(all.toString());
  }

  private String text(String file) {
    String text = byPart.get(file);
    if (text == null) {
      throw new IllegalArgumentException(file + " is no file of this run");
    }
    return text;
  }

  private void add(SqlTemplate template, String part, String... paths) {
    StringBuilder text = new StringBuilder();
    for (String path : paths) {
      text.append(template.renderFile(SqlFiles.CLASS_PATH, path)).append('\n');
    }
    byPart.put(part, text.toString());
  }

  private static SqlTemplate template(FeatureJobOptions options) {
    SqlTemplate template =
        new SqlTemplate()
            .identifier("records.table", "raw_events")
            .text("records.topic", options.eventsTopic())
            .text("risk.topic", options.riskTopic())
            .text("marketing.topic", options.marketingTopic())
            .text("dead_letters.topic", options.deadLetterTopic())
            .text("job.id", options.job().reading().groupId())
            .options("records.options", options.job().sourceOptions())
            .options("dead_letters.options", WithClauses.deadLetters(options))
            .options("sink.options", WithClauses.sink(options));
    for (String table : options.tableOptions().keySet()) {
      if (!TABLES.contains(table)) {
        throw new IllegalArgumentException(
            "there is no table '" + table + "' to give options to; there are " + TABLES);
      }
    }
    for (String table : TABLES) {
      Map<String, String> given = options.tableOptions().get(table);
      template.options(
          table + ".options", given == null ? WithClauses.store(options, table) : given);
    }
    return template;
  }
}
