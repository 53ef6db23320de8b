// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support.ordered;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dimstore.spi.Column;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The columns that a table was created with, in order: the types by the names. Its text form, which
 * is stored with the table, is {@code key:TYPE,...;value:TYPE,...}, URL-encoded.
 */
record Declaration(Map<String, String> key, Map<String, String> values) {

  static Declaration of(TableSpec spec) {
    return new Declaration(types(spec.key()), types(spec.values()));
  }

  private static Map<String, String> types(List<Column> columns) {
    Map<String, String> types = new LinkedHashMap<>();
    columns.forEach(column -> types.put(column.name(), column.type().toString()));
    return types;
  }

  static Declaration parse(String text) {
    String[] parts = text.split(";", -1);
    return new Declaration(types(parts[0]), types(parts[1]));
  }

  private static Map<String, String> types(String text) {
    Map<String, String> types = new LinkedHashMap<>();
    for (String column : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      String[] parts = column.split(":", -1);
      types.put(URLDecoder.decode(parts[0], UTF_8), URLDecoder.decode(parts[1], UTF_8));
    }
    return types;
  }

  String text() {
    return text(key) + ";" + text(values);
  }

  private static String text(Map<String, String> types) {
    return types.entrySet().stream()
        .map(
            e ->
                URLEncoder.encode(e.getKey(), UTF_8) + ":" + URLEncoder.encode(e.getValue(), UTF_8))
        .collect(Collectors.joining(","));
  }

  /** Returns the position of a value column, or -1. */
  int position(String column) {
    return new ArrayList<>(values.keySet()).indexOf(column);
  }

  /** Returns whether the table has the column with this type. */
  boolean has(Column column) {
    return column.type().toString().equals(values.get(column.name()));
  }

  /**
   * Refuses a spec that has another key, or a column that the table lacks or has as another type.
   */
  void requireFits(String store, TableSpec spec) {
    if (!List.copyOf(key.entrySet()).equals(List.copyOf(types(spec.key()).entrySet()))) {
      throw mismatch(store, spec, "its key is " + key + ", not " + types(spec.key()));
    }
    for (Column column : spec.values()) {
      if (!has(column)) {
        throw mismatch(store, spec, "it has no column " + column + " but " + values);
      }
    }
  }

  /** Refuses a spec that lacks columns of the table, too: a put replaces the whole row (R6). */
  void requireWritable(String store, TableSpec spec) {
    requireFits(store, spec);
    if (spec.values().size() != values.size()) {
      throw mismatch(store, spec, "a write needs all its columns: " + values);
    }
  }

  private static StoreException mismatch(String store, TableSpec spec, String difference) {
    return StoreException.invalid(
        "Table '"
            + spec.name()
            + "' of store '"
            + store
            + "' does not fit: "
            + difference
            + ". Change the table's declaration, or use another name.");
  }
}
