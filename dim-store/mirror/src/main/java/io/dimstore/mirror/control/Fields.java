// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.control;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The text of a record: the format in the first line, then a field as {@code name=value} in each
 * line. A reader ignores fields that it does not know, and refuses a format that it does not know.
 */
final class Fields {

  private final String format;
  private final Map<String, String> values;

  private Fields(String format, Map<String, String> values) {
    this.format = format;
    this.values = values;
  }

  /** Begins a text of this format. */
  static Fields of(String format) {
    return new Fields(format, new LinkedHashMap<>());
  }

  /** Adds a field. */
  Fields with(String name, Object value) {
    values.put(name, value.toString());
    return this;
  }

  /** Returns the text. */
  String text() {
    StringBuilder text = new StringBuilder(format).append('\n');
    values.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    return text.toString();
  }

  /**
   * Parses a text.
   *
   * @throws StoreException CORRUPT if it has another format
   */
  static Fields parse(String format, String text) {
    String[] lines = text.split("\n", -1);
    if (!lines[0].equals(format)) {
      throw new StoreException(
          Kind.CORRUPT, "A record begins with '" + lines[0] + "' instead of '" + format + "'");
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 1; i < lines.length; i++) {
      int equals = lines[i].indexOf('=');
      if (equals > 0) {
        values.put(lines[i].substring(0, equals), lines[i].substring(equals + 1));
      } else if (!lines[i].isEmpty()) {
        throw new StoreException(
            Kind.CORRUPT, "A record of format '" + format + "' has the line '" + lines[i] + "'");
      }
    }
    return new Fields(format, values);
  }

  /** Returns a field, which must be there. */
  String text(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new StoreException(
          Kind.CORRUPT, "A record of format '" + format + "' has no field '" + name + "'");
    }
    return value;
  }

  /** Returns a number, or 0 if the field is absent. */
  long numberOrZero(String name) {
    return values.containsKey(name) ? number(name) : 0;
  }

  /** Returns a number, which must be there. */
  long number(String name) {
    try {
      return Long.parseLong(text(name));
    } catch (NumberFormatException e) {
      throw new StoreException(
          Kind.CORRUPT,
          "Field '" + name + "' of format '" + format + "' is no number: '" + text(name) + "'",
          e);
    }
  }

  /** Returns a constant, which must be there. */
  <E extends Enum<E>> E constant(String name, Class<E> type) {
    try {
      return Enum.valueOf(type, text(name));
    } catch (IllegalArgumentException e) {
      throw new StoreException(
          Kind.CORRUPT,
          "Field '" + name + "' of format '" + format + "' is unknown: '" + text(name) + "'",
          e);
    }
  }
}
