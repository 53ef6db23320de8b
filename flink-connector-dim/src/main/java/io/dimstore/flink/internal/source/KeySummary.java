// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.source;

import io.dimstore.flink.internal.source.KeyColumn.Value;
import io.dimstore.spi.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Describes a range of keys for plans and logs. */
final class KeySummary {

  private static final int MAX_LENGTH = 60;

  private KeySummary() {}

  /**
   * Returns {@code keyPrefix=[...]} if the first columns have one value each and the next one has
   * any, else {@code keyRange=[...]}.
   */
  static String of(
      List<KeyColumn> columns, List<Value> prefix, KeyColumn next, ColumnValues bounds) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < prefix.size(); i++) {
      parts.add(columns.get(i).name() + "=" + text(prefix.get(i).value()));
    }
    if (bounds.isAll()) {
      return "keyPrefix=" + parts.stream().collect(Collectors.joining(", ", "[", "]"));
    }
    addBound(parts, next, bounds.from(), ">", ">=");
    addBound(parts, next, bounds.to(), "<=", "<");
    return "keyRange=" + parts.stream().collect(Collectors.joining(", ", "[", "]"));
  }

  /** Writes a text that only follows another one as that one: {@code <= x}, not {@code < x\0}. */
  private static void addBound(
      List<String> parts, KeyColumn column, @Nullable Value bound, String after, String exact) {
    if (bound == null) {
      return;
    }
    if (bound.value() instanceof String text && text.endsWith("\0")) {
      parts.add(column.name() + after + text(text.substring(0, text.length() - 1)));
    } else {
      parts.add(column.name() + exact + text(bound.value()));
    }
  }

  private static String text(Object value) {
    String text = value instanceof byte[] ? Key.of(value).toString() : value.toString();
    return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "...";
  }
}
