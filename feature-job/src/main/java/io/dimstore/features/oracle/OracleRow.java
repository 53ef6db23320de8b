// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.oracle;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An expected row. Its columns are in order, and their values are String, Long, Integer, Boolean,
 * Instant or null.
 */
public final class OracleRow {

  private static final JsonFactory JSON = new JsonFactory();
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

  private final Map<String, @Nullable Object> columns = new LinkedHashMap<>();

  OracleRow() {}

  OracleRow with(String column, @Nullable Object value) {
    columns.put(column, value);
    return this;
  }

  /** Returns a row with the values of some columns, in the order of the names. */
  OracleRow select(Iterable<String> names) {
    OracleRow row = new OracleRow();
    for (String name : names) {
      if (!columns.containsKey(name)) {
        throw new IllegalArgumentException("no column " + name);
      }
      row.with(name, columns.get(name));
    }
    return row;
  }

  /** Returns the columns in order. The map must not be modified. */
  public Map<String, @Nullable Object> columns() {
    return Collections.unmodifiableMap(columns);
  }

  /** Returns the value of a column. */
  public @Nullable Object get(String column) {
    return columns.get(column);
  }

  /** Returns the row as the job writes it to Kafka. In UTF-8 the text is equal byte by byte. */
  public String json() {
    StringWriter text = new StringWriter(1024);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      for (Map.Entry<String, @Nullable Object> column : columns.entrySet()) {
        json.writeFieldName(column.getKey());
        write(json, column.getValue());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Number number) {
      json.writeNumber(number.longValue());
    } else if (value instanceof Boolean bool) {
      json.writeBoolean(bool);
    } else if (value instanceof Instant instant) {
      json.writeString(isoText(instant));
    } else {
      json.writeString(value.toString());
    }
  }

  /**
   * Formats an instant without a fraction if the fraction is zero, and without trailing zeros
   * otherwise.
   */
  private static String isoText(Instant time) {
    BigDecimal fraction =
        BigDecimal.valueOf(Math.floorMod(time.toEpochMilli(), 1000L), 3).stripTrailingZeros();
    String digits = fraction.signum() == 0 ? "" : fraction.toPlainString().substring(1);
    return SECONDS.format(time) + digits + "Z";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof OracleRow row && columns.equals(row.columns);
  }

  @Override
  public int hashCode() {
    return columns.hashCode();
  }

  @Override
  public String toString() {
    return json();
  }
}
