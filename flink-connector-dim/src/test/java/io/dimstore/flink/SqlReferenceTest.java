// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.memory.MemoryStores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.catalog.Catalog;
import org.apache.flink.table.catalog.GenericInMemoryCatalog;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs the statements of docs/sql.md, and compares what they print with the page. */
class SqlReferenceTest {

  private static final Path PAGE = Path.of(System.getProperty("dimstore.home"), "docs", "sql.md");

  /** A block of statements, and the block of what the last one prints, if one follows. */
  private static final Pattern BLOCK =
      Pattern.compile("(?ms)^```sql\\n(?<sql>.*?)^```\\n(?:\\n```text\\n(?<text>.*?)^```\\n)?");

  private static final Pattern SET = Pattern.compile("SET '(.+)' = '(.+)'");

  @RegisterExtension static final MiniClusterExtension cluster = Sql.cluster();

  private final Catalog catalog = new GenericInMemoryCatalog("default_catalog", "default_database");
  private TableEnvironment env;

  @AfterEach
  void forgetTheTables() {
    MemoryStores.clear("default");
  }

  /**
   * To write the results into the page, run {@code mvn -pl flink-connector-dim test
   * -Dtest=SqlReferenceTest -Dupdate=true}.
   */
  @Test
  void statementsPrintWhatThePageShows() throws Exception {
    String page = Files.readString(PAGE);
    StringBuilder wanted = new StringBuilder();
    Matcher block = BLOCK.matcher(page);
    int end = 0;
    while (block.find()) {
      String printed = run(block.group("sql"));
      boolean shown = block.group("text") != null;
      if (!shown) {
        assertThat(printed).as(block.group("sql")).isEmpty();
      }
      wanted.append(page, end, shown ? block.start("text") : block.end());
      wanted.append(shown ? printed + "```\n" : "");
      end = block.end();
    }
    wanted.append(page.substring(end));
    if (Boolean.getBoolean("update")) {
      Files.writeString(PAGE, wanted);
    }
    assertThat(Files.readString(PAGE))
        .as("run this test with -Dupdate=true to write the results anew")
        .isEqualTo(wanted.toString());
  }

  /** Runs statements, and returns what the last one prints; empty if it has no result. */
  private String run(String block) throws Exception {
    String printed = "";
    for (String statement : block.split(";\\n", -1)) {
      if (!statement.isBlank()) {
        assertThat(printed).as("only the last statement of a block prints: %s", block).isEmpty();
        printed = print(statement.strip());
      }
    }
    return printed;
  }

  private String print(String statement) throws Exception {
    Matcher set = SET.matcher(statement);
    if (set.matches()) {
      set(set.group(1), set.group(2));
      return "";
    }
    try {
      TableResult result = env.executeSql(statement);
      if (statement.startsWith("SELECT")) {
        return table(result);
      }
      if (statement.startsWith("EXPLAIN")) {
        return only(result).getField(0) + "";
      }
      result.await();
      return "";
    } catch (Exception e) {
      // As the SQL client prints it.
      Throwable cause = ExceptionUtils.stripException(e, RuntimeException.class);
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      String message = "[ERROR] Could not execute SQL statement. Reason:\n" + cause + "\n";
      return message.replaceAll("(?m) +$", "");
    }
  }

  /** Sets an option as the SQL client does, which keeps the catalogs when the mode changes. */
  @SuppressWarnings("deprecation") // a catalog that is created by its options would be empty
  private void set(String option, String value) {
    if (option.equals(ExecutionOptions.RUNTIME_MODE.key())) {
      EnvironmentSettings.Builder settings =
          EnvironmentSettings.newInstance().withBuiltInCatalogName("of_the_mode");
      env =
          TableEnvironment.create(
              value.equals("batch")
                  ? settings.inBatchMode().build()
                  : settings.inStreamingMode().build());
      env.registerCatalog("default_catalog", catalog);
      env.useCatalog("default_catalog");
    } else {
      env.getConfig().set(option, value);
    }
  }

  private static Row only(TableResult result) throws Exception {
    try (CloseableIterator<Row> rows = result.collect()) {
      return rows.next();
    }
  }

  private static String table(TableResult result) throws Exception {
    List<List<String>> lines = new ArrayList<>();
    lines.add(result.getResolvedSchema().getColumnNames());
    try (CloseableIterator<Row> rows = result.collect()) {
      rows.forEachRemaining(row -> lines.add(values(row)));
    }
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      StringBuilder cells = new StringBuilder();
      for (int i = 0; i < line.size(); i++) {
        int column = i;
        int width = lines.stream().mapToInt(each -> each.get(column).length()).max().orElse(0);
        cells.append(i == 0 ? "" : " | ").append(pad(line.get(i), width));
      }
      text.append(cells.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static List<String> values(Row row) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < row.getArity(); i++) {
      Object value = row.getField(i);
      values.add(value == null ? "NULL" : value.toString());
    }
    return values;
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
