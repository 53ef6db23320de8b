// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.row;

import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Builds the JSON representation of a row for a dead letter: {@code
 * {"op":"-D","row":{"id":"a","n":null}}}. Numbers and booleans are written as JSON numbers and
 * booleans, bytes in base64, and all other values as text.
 */
public final class RowText {

  private final StringBuilder out = new StringBuilder();
  private boolean first = true;
  private @Nullable Long version;

  public RowText(String op) {
    out.append("{\"op\":");
    quote(op);
    out.append(",\"row\":{");
  }

  public void add(String column, @Nullable Object value) {
    if (!first) {
      out.append(',');
    }
    first = false;
    quote(column);
    out.append(':');
    if (value == null
        || value instanceof Boolean
        || value instanceof Byte
        || value instanceof Short
        || value instanceof Integer
        || value instanceof Long
        || value instanceof java.math.BigDecimal) {
      out.append(value);
    } else {
      quote(
          value instanceof byte[] bytes
              ? Base64.getEncoder().encodeToString(bytes)
              : value.toString());
    }
  }

  public void version(long value) {
    version = value;
  }

  private void quote(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  @Override
  public String toString() {
    return out + (version == null ? "}}" : "},\"version\":" + version + "}");
  }
}
