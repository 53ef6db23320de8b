package io.dimstore.bench.forecast;

import com.fasterxml.jackson.databind.JsonNode;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DataType.Simple;
import io.dimstore.spi.TableSpec;
import io.dimstore.writer.Dimension;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The columns of a table as the command line has them, and their values in JSON. */
final class Columns {

  private static final Pattern COLUMN =
      Pattern.compile("(\\S+)\\s+([A-Za-z_]+)\\s*(?:\\(\\s*(\\d+)\\s*(?:,\\s*(\\d+)\\s*)?\\))?");
  private static final Pattern BETWEEN = Pattern.compile(",(?![^(]*\\))");

  private Columns() {}

  /** The table of one of the known dimensions. */
  static TableSpec of(Dimension dimension, String table) {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column(dimension.key(), DataType.STRING));
    for (Dimension.Field field : dimension.fields()) {
      columns.add(
          new Column(
              field.name(),
              switch (field.type()) {
                case TEXT -> DataType.STRING;
                case INT -> Simple.INT;
                case BIGINT -> Simple.BIGINT;
              }));
    }
    return new TableSpec(table, columns, List.of(dimension.key()));
  }

  /**
   * A table from text such as {@code user_id STRING, level INT}.
   *
   * @param key the names of the key columns, separated by commas
   */
  static TableSpec parse(String table, String columns, String key) {
    List<Column> parsed = new ArrayList<>();
    for (String text : BETWEEN.split(columns)) {
      Matcher column = COLUMN.matcher(text.strip());
      if (!column.matches()) {
        throw new ForecastException(
            "--columns: '" + text.strip() + "' is no column such as 'user_id STRING'.");
      }
      parsed.add(
          new Column(column.group(1), type(column.group(2), number(column, 3), number(column, 4))));
    }
    return new TableSpec(table, parsed, Arrays.stream(key.split(",")).map(String::strip).toList());
  }

  private static @Nullable Integer number(Matcher column, int group) {
    return column.group(group) == null ? null : Integer.valueOf(column.group(group));
  }

  private static DataType type(String name, @Nullable Integer first, @Nullable Integer second) {
    int precision = first == null ? 3 : first;
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
          throw new ForecastException(
              "--columns: type '" + name + "' is not known here; nested types are not either.");
    };
  }

  /** A value of a change in JSON. */
  static @Nullable Object value(Column column, JsonNode json) {
    if (json.isNull() || json.isMissingNode()) {
      return null;
    }
    DataType type = column.type();
    if (type instanceof DataType.Text) {
      return json.asText();
    }
    if (type instanceof DataType.Decimal decimal) {
      return new BigDecimal(json.asText()).setScale(decimal.scale(), RoundingMode.HALF_UP);
    }
    if (type instanceof Simple simple) {
      switch (simple) {
        case BOOLEAN:
          return json.asBoolean();
        case TINYINT:
          return (byte) json.asInt();
        case SMALLINT:
          return (short) json.asInt();
        case INT:
          return json.asInt();
        case BIGINT:
          return json.asLong();
        case FLOAT:
          return (float) json.asDouble();
        case DOUBLE:
          return json.asDouble();
        default:
          break;
      }
    }
    throw new ForecastException(
        "Column "
            + column.name()
            + " is "
            + type
            + ", which changes in JSON do not have here: declare it as STRING.");
  }
}
