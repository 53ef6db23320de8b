// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Deep equality, hashing and printing of column values; {@code byte[]} is compared by content. */
final class Values {

  private Values() {}

  static boolean equal(@Nullable Object a, @Nullable Object b) {
    if (a == b) {
      return true;
    }
    if (a == null || b == null) {
      return false;
    }
    if (a instanceof byte[] x && b instanceof byte[] y) {
      return Arrays.equals(x, y);
    }
    if (a instanceof Object[] x && b instanceof Object[] y) {
      return equalArrays(x, y);
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      return equalArrays(x.toArray(), y.toArray());
    }
    if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
      return equalMaps(x, y);
    }
    return a.equals(b);
  }

  private static boolean equalArrays(@Nullable Object[] x, @Nullable Object[] y) {
    if (x.length != y.length) {
      return false;
    }
    for (int i = 0; i < x.length; i++) {
      if (!equal(x[i], y[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalMaps(Map<?, ?> x, Map<?, ?> y) {
    if (x.size() != y.size()) {
      return false;
    }
    for (Map.Entry<?, ?> entry : x.entrySet()) {
      boolean found = false;
      for (Map.Entry<?, ?> candidate : y.entrySet()) {
        if (equal(entry.getKey(), candidate.getKey())) {
          found = equal(entry.getValue(), candidate.getValue());
          break;
        }
      }
      if (!found) {
        return false;
      }
    }
    return true;
  }

  static int hash(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      return Arrays.hashCode(bytes);
    }
    if (value instanceof Object[] array) {
      int hash = 1;
      for (Object element : array) {
        hash = 31 * hash + hash(element);
      }
      return hash;
    }
    if (value instanceof List<?> list) {
      return hash(list.toArray());
    }
    if (value instanceof Map<?, ?> map) {
      int hash = 0;
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        hash += hash(entry.getKey()) ^ hash(entry.getValue());
      }
      return hash;
    }
    return value == null ? 0 : value.hashCode();
  }

  static String describe(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      int shown = Math.min(bytes.length, 32);
      return "0x"
          + HexFormat.of().formatHex(bytes, 0, shown)
          + (shown < bytes.length ? "…(" + bytes.length + " bytes)" : "");
    }
    String text = String.valueOf(value);
    return text.length() <= 200 ? text : text.substring(0, 200) + "…";
  }
}
