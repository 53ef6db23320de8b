// SPDX-License-Identifier: Apache-2.0
package io.dimstore.forecast;

import com.fasterxml.jackson.databind.JsonNode;
import io.dimstore.jobs.sql.SqlColumns;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DataType.Simple;
import io.dimstore.spi.TableSpec;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parses the columns of a table from the command line, and their values from JSON. */
final class Columns {

  private Columns() {}

  /**
   * Parses a table from text such as {@code user_id STRING, level INT}.
   *
   * @param key the names of the key columns, separated by commas
   */
  static TableSpec parse(String table, String columns, String key) {
    List<String> keyColumns = Arrays.stream(key.split(",")).map(String::strip).toList();
    try {
      return new TableSpec(table, SqlColumns.parse(columns), keyColumns);
    } catch (IllegalArgumentException e) {
      throw new ForecastException("--columns: " + e.getMessage());
    }
  }

  /** Converts the JSON value of a change to the type of its column. */
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
        case BOOLEAN -> {
          return json.asBoolean();
        }
        case TINYINT -> {
          return (byte) json.asInt();
        }
        case SMALLINT -> {
          return (short) json.asInt();
        }
        case INT -> {
          return json.asInt();
        }
        case BIGINT -> {
          return json.asLong();
        }
        case FLOAT -> {
          return (float) json.asDouble();
        }
        case DOUBLE -> {
          return json.asDouble();
        }
        default -> {}
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
