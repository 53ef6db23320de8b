// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.source;

import io.dimstore.flink.internal.source.KeyColumn.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The values that a condition allows for a key column: single values, or a range.
 *
 * @param single the single values, ascending and distinct, or null for a range
 * @param from the least value of the range, or null if it has none
 * @param to the least value after the range, or null if there is none
 */
record ColumnValues(@Nullable List<Value> single, @Nullable Value from, @Nullable Value to) {

  static final ColumnValues ALL = new ColumnValues(null, null, null);
  static final ColumnValues NONE = new ColumnValues(List.of(), null, null);

  static ColumnValues of(Collection<Value> values) {
    return new ColumnValues(List.copyOf(new TreeSet<>(values)), null, null);
  }

  /** Returns the values of a range: one value if it has just one, and all if it has no bound. */
  static ColumnValues range(@Nullable Value from, @Nullable Value to, KeyColumn column) {
    Value least = column.least();
    Value begin = from == null ? least : from;
    if (to != null && begin.compareTo(to) >= 0) {
      return NONE;
    }
    Value next = column.next(begin);
    if (next == null ? to == null : next.equals(to)) {
      return of(List.of(begin));
    }
    return new ColumnValues(null, begin.equals(least) ? null : begin, to);
  }

  boolean isAll() {
    return single == null && from == null && to == null;
  }

  boolean isNone() {
    return single != null && single.isEmpty();
  }

  /** Returns the values that both allow. */
  ColumnValues and(ColumnValues other, KeyColumn column) {
    if (single != null) {
      return new ColumnValues(single.stream().filter(other::contains).toList(), null, null);
    }
    if (other.single != null) {
      return other.and(this, column);
    }
    boolean otherFrom = from == null || (other.from != null && other.from.compareTo(from) > 0);
    boolean otherTo = to == null || (other.to != null && other.to.compareTo(to) < 0);
    return range(otherFrom ? other.from : from, otherTo ? other.to : to, column);
  }

  /**
   * Returns values that include all of these: all single values, or the range around them. At least
   * one value must be allowed.
   */
  static ColumnValues anyOf(Collection<ColumnValues> parts, KeyColumn column) {
    List<Value> single = new ArrayList<>();
    boolean ranges = false;
    for (ColumnValues part : parts) {
      if (part.isAll()) {
        return ALL;
      }
      if (part.single == null) {
        ranges = true;
      } else {
        single.addAll(part.single);
      }
    }
    if (!ranges) {
      return of(single);
    }
    List<ColumnValues> all = parts.stream().filter(part -> !part.isNone()).toList();
    Value from = all.get(0).asRange(column).from;
    Value to = all.get(0).asRange(column).to;
    for (ColumnValues part : all) {
      ColumnValues range = part.asRange(column);
      from = from == null || range.from == null ? null : least(from, range.from);
      to = to == null || range.to == null ? null : greatest(to, range.to);
    }
    return range(from, to, column);
  }

  /** Returns the range from the least to the greatest value. There must be a value. */
  ColumnValues asRange(KeyColumn column) {
    return single == null
        ? this
        : new ColumnValues(null, single.get(0), column.next(single.get(single.size() - 1)));
  }

  private static Value least(Value a, Value b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private static Value greatest(Value a, Value b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private boolean contains(Value value) {
    if (single != null) {
      return Collections.binarySearch(single, value) >= 0;
    }
    return (from == null || value.compareTo(from) >= 0) && (to == null || value.compareTo(to) < 0);
  }
}
