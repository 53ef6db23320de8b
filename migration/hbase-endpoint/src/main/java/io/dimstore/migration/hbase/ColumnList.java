// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Parses the columns of a table as a SQL declaration lists them: {@code user_id STRING, level INT,
 * tags ARRAY<STRING>}. A name that is not a plain identifier is written in backticks.
 */
final class ColumnList {

  private final String text;
  private int at;

  private ColumnList(String text) {
    this.text = text;
  }

  /**
   * Parses a list of columns.
   *
   * @throws StoreException INVALID, naming the position at which the text is not a column list
   */
  static List<Column> parse(String text) {
    ColumnList list = new ColumnList(text);
    List<Column> columns = list.columns();
    list.skipSpace();
    if (list.at < text.length()) {
      throw list.expected("',' or the end");
    }
    return columns;
  }

  private List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    do {
      String name = name();
      columns.add(new Column(name, type()));
    } while (accept(','));
    return columns;
  }

  private DataType type() {
    String word = word().toUpperCase(Locale.ROOT);
    return switch (word) {
      case "BOOLEAN" -> DataType.Simple.BOOLEAN;
      case "TINYINT" -> DataType.Simple.TINYINT;
      case "SMALLINT" -> DataType.Simple.SMALLINT;
      case "INT", "INTEGER" -> DataType.Simple.INT;
      case "BIGINT" -> DataType.Simple.BIGINT;
      case "FLOAT" -> DataType.Simple.FLOAT;
      case "DOUBLE" -> DataType.Simple.DOUBLE;
      case "DATE" -> DataType.Simple.DATE;
      case "INTERVAL_YEAR_MONTH" -> DataType.Simple.INTERVAL_YEAR_MONTH;
      case "INTERVAL_DAY_TIME" -> DataType.Simple.INTERVAL_DAY_TIME;
      case "STRING" -> DataType.STRING;
      case "BYTES" -> DataType.BYTES;
      case "CHAR", "VARCHAR" -> {
        skipLength();
        yield DataType.STRING;
      }
      case "BINARY", "VARBINARY" -> {
        skipLength();
        yield DataType.BYTES;
      }
      case "DECIMAL" -> decimal();
      case "TIME" -> new DataType.Time(precision(0));
      case "TIMESTAMP" -> new DataType.Timestamp(precision(6));
      case "TIMESTAMP_LTZ" -> new DataType.TimestampLtz(precision(6));
      case "ARRAY" -> new DataType.Array(element());
      case "MULTISET" -> new DataType.Multiset(element());
      case "MAP" -> map();
      case "ROW" -> row();
      default -> throw expected("a SQL type instead of '" + word + "'");
    };
  }

  private void skipLength() {
    if (accept('(')) {
      number();
      require(')');
    }
  }

  private DataType decimal() {
    int precision = 10;
    int scale = 0;
    if (accept('(')) {
      precision = number();
      scale = accept(',') ? number() : 0;
      require(')');
    }
    return new DataType.Decimal(precision, scale);
  }

  private int precision(int byDefault) {
    if (!accept('(')) {
      return byDefault;
    }
    int precision = number();
    require(')');
    return precision;
  }

  private DataType element() {
    require('<');
    DataType element = type();
    require('>');
    return element;
  }

  private DataType map() {
    require('<');
    DataType key = type();
    require(',');
    DataType value = type();
    require('>');
    return new DataType.MapOf(key, value);
  }

  private DataType row() {
    require('<');
    List<Column> fields = columns();
    require('>');
    return new DataType.RowOf(fields);
  }

  private String name() {
    skipSpace();
    if (at < text.length() && text.charAt(at) == '`') {
      int end = text.indexOf('`', at + 1);
      if (end < 0) {
        throw expected("a closing backtick");
      }
      String name = text.substring(at + 1, end);
      at = end + 1;
      return name;
    }
    return word();
  }

  private String word() {
    skipSpace();
    int start = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
      at++;
    }
    if (start == at) {
      throw expected("a name or a type");
    }
    return text.substring(start, at);
  }

  private int number() {
    String word = word();
    try {
      return Integer.parseInt(word);
    } catch (NumberFormatException e) {
      throw expected("a number instead of '" + word + "'");
    }
  }

  private boolean accept(char wanted) {
    skipSpace();
    if (at < text.length() && text.charAt(at) == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private void require(char wanted) {
    if (!accept(wanted)) {
      throw expected("'" + wanted + "'");
    }
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private StoreException expected(String what) {
    return StoreException.invalid(
        "The columns '" + text + "': expected " + what + " at position " + at);
  }
}
