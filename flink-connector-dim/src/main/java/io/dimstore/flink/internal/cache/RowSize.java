// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.cache;

import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Estimates the heap that an entry of a cache occupies, in bytes, on a 64-bit JVM with compressed
 * references. {@code RowSizeTest} compares the estimates with the heap.
 */
final class RowSize {

  /** The entry with its place in the map and in the order of eviction. */
  private static final long ENTRY = 152;

  private static final long KEY = 24;
  private static final long PUT = 40;
  private static final long ROW = 16;

  private RowSize() {}

  /** Returns the bytes of an entry of this key. */
  static long of(Key key, @Nullable Put row) {
    long sum = ENTRY + KEY + array(key.size(), 4);
    for (int i = 0; i < key.size(); i++) {
      sum += value(key.get(i));
    }
    return row == null ? sum : sum + PUT + row(row.row());
  }

  private static long row(Row row) {
    long sum = ROW + array(row.size(), 4);
    for (int i = 0; i < row.size(); i++) {
      sum += value(row.get(i));
    }
    return sum;
  }

  private static long value(@Nullable Object value) {
    if (value == null || value instanceof Boolean) {
      return 0;
    }
    if (value instanceof String text) {
      return 24 + array(text.length(), isLatin1(text) ? 1 : 2);
    }
    if (value instanceof byte[] bytes) {
      return array(bytes.length, 1);
    }
    if (value instanceof Byte || value instanceof Short || value instanceof Integer) {
      return 16;
    }
    if (value instanceof LocalDateTime) {
      return 72;
    }
    if (value instanceof BigDecimal number) {
      // A number of more digits than a long holds has an array of its own.
      return number.precision() < 19 ? 40 : 40 + 40 + array(number.precision() / 9 + 1, 4);
    }
    if (value instanceof Row row) {
      return row(row);
    }
    if (value instanceof List<?> list) {
      return 24 + array(list.size(), 4) + list.stream().mapToLong(RowSize::value).sum();
    }
    if (value instanceof Map<?, ?> map) {
      long sum = 64 + array(2L * map.size(), 4);
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        sum += 40 + value(entry.getKey()) + value(entry.getValue());
      }
      return sum;
    }
    return 24;
  }

  private static boolean isLatin1(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0xff) {
        return false;
      }
    }
    return true;
  }

  private static long array(long length, int width) {
    return (16 + length * width + 7) / 8 * 8;
  }
}
