// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.read;

import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Estimates the heap that a key or a row occupies, in bytes. The estimates are high rather than
 * low.
 */
final class HeapEstimate {

  private static final long OBJECT = 48;
  private static final long ENTRY = 160;
  private static final long SLOT = 8;

  private HeapEstimate() {}

  static long of(Key key) {
    long sum = ENTRY;
    for (int i = 0; i < key.size(); i++) {
      sum += SLOT + value(key.get(i));
    }
    return sum;
  }

  static long of(@Nullable Put row) {
    return row == null ? 0 : OBJECT + row(row.row());
  }

  private static long row(Row row) {
    long sum = OBJECT;
    for (int i = 0; i < row.size(); i++) {
      sum += SLOT + value(row.get(i));
    }
    return sum;
  }

  private static long value(@Nullable Object value) {
    if (value == null) {
      return 0;
    }
    if (value instanceof String text) {
      return OBJECT + 2L * text.length();
    }
    if (value instanceof byte[] bytes) {
      return OBJECT + bytes.length;
    }
    if (value instanceof Row row) {
      return row(row);
    }
    if (value instanceof List<?> list) {
      return list.stream().mapToLong(HeapEstimate::value).sum() + OBJECT + SLOT * list.size();
    }
    if (value instanceof Map<?, ?> map) {
      long sum = OBJECT;
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        sum += OBJECT + value(entry.getKey()) + value(entry.getValue());
      }
      return sum;
    }
    return 2 * OBJECT;
  }
}
