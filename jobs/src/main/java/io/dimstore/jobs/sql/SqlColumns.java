// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.sql;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DataType.Simple;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses SQL column declarations without a planner on the class path. */
public final class SqlColumns {

  private static final Pattern COLUMN =
      Pattern.compile(
          "(\\S+)\\s+([A-Za-z_]+)\\s*(?:\\(\\s*(\\d+)\\s*(?:,\\s*(\\d+)\\s*)?\\))?"
              + "(?:\\s*(?i:NOT\\s+)?(?i:NULL))?");

  /** A comment of SQL, and the clause that documents a column. */
  private static final Pattern COMMENT =
      Pattern.compile("--[^\\n]*|/\\*(?s:.*?)\\*/|(?i:\\bCOMMENT\\s+)'(?:[^']|'')*'");

  private static final Pattern BETWEEN = Pattern.compile(",(?![^(]*\\))");

  private SqlColumns() {}

  /**
   * Parses columns such as {@code user_id STRING, level INT NOT NULL}. Comments are skipped, and
   * {@code NOT NULL} too, as any column of a store can be null.
   *
   * @throws IllegalArgumentException for text that is not a column declaration, and for a nested
   *     type
   */
  public static List<Column> parse(String columns) {
    List<Column> parsed = new ArrayList<>();
    for (String text : BETWEEN.split(COMMENT.matcher(columns).replaceAll(" "))) {
      Matcher column = COLUMN.matcher(text.strip());
      if (!column.matches()) {
        throw new IllegalArgumentException(
            "'" + text.strip() + "' is not a column such as 'user_id STRING'.");
      }
      parsed.add(
          new Column(column.group(1), type(column.group(2), number(column, 3), number(column, 4))));
    }
    return parsed;
  }

  private static @Nullable Integer number(Matcher column, int group) {
    return column.group(group) == null ? null : Integer.valueOf(column.group(group));
  }

  private static DataType type(String name, @Nullable Integer first, @Nullable Integer second) {
    int precision = first == null ? 6 : first;
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "STRING", "VARCHAR", "CHAR" -> DataType.STRING;
      case "BYTES", "VARBINARY", "BINARY" -> DataType.BYTES;
      case "BOOLEAN" -> Simple.BOOLEAN;
      case "TINYINT" -> Simple.TINYINT;
      case "SMALLINT" -> Simple.SMALLINT;
      case "INT", "INTEGER" -> Simple.INT;
      case "BIGINT" -> Simple.BIGINT;
      case "FLOAT" -> Simple.FLOAT;
      case "DOUBLE" -> Simple.DOUBLE;
      case "DATE" -> Simple.DATE;
      case "DECIMAL" ->
          new DataType.Decimal(first == null ? 10 : first, second == null ? 0 : second);
      case "TIME" -> new DataType.Time(first == null ? 0 : first);
      case "TIMESTAMP" -> new DataType.Timestamp(precision);
      case "TIMESTAMP_LTZ" -> new DataType.TimestampLtz(precision);
      default ->
          throw new IllegalArgumentException(
              "type '" + name + "' is unknown; nested types are not supported here.");
    };
  }
}
