// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.source;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The keys that a condition on the key columns allows, as a union of alternatives. An alternative
 * allows the keys each of whose columns has one of the values listed for that column. A condition
 * with too many alternatives is widened to one alternative that includes all of them.
 *
 * @param columns the key columns
 * @param alternatives for each alternative the values of all columns; none allows no value of a
 *     column
 */
record KeyCondition(List<KeyColumn> columns, List<List<ColumnValues>> alternatives) {

  /** The most alternatives, and the most that are compared when two conditions are combined. */
  private static final int MAX_ALTERNATIVES = 10_000;

  /** Returns the condition that allows all keys. */
  static KeyCondition all(List<KeyColumn> columns) {
    return new KeyCondition(
        columns, List.of(Collections.nCopies(columns.size(), ColumnValues.ALL)));
  }

  /** Returns the condition that allows no key. */
  static KeyCondition none(List<KeyColumn> columns) {
    return new KeyCondition(columns, List.of());
  }

  /** Returns the condition that a column has one of these values. */
  static KeyCondition of(List<KeyColumn> columns, KeyColumn column, ColumnValues values) {
    if (values.isNone()) {
      return none(columns);
    }
    List<ColumnValues> alternative =
        new ArrayList<>(Collections.nCopies(columns.size(), ColumnValues.ALL));
    alternative.set(column.index(), values);
    return new KeyCondition(columns, List.of(alternative));
  }

  boolean allowsAll() {
    return alternatives.stream().anyMatch(KeyCondition::isUnlimited);
  }

  /** Returns whether the condition limits the values of a column, in every alternative. */
  boolean limits(int column) {
    return alternatives.stream().noneMatch(alternative -> alternative.get(column).isAll());
  }

  /** Returns a condition that allows the keys that both allow, and possibly more. */
  KeyCondition and(KeyCondition other) {
    if ((long) alternatives.size() * other.alternatives.size() > MAX_ALTERNATIVES) {
      return alternatives.size() > 1 || other.alternatives.size() > 1
          ? widened().and(other.widened())
          : this;
    }
    List<List<ColumnValues>> both = new ArrayList<>();
    for (List<ColumnValues> one : alternatives) {
      for (List<ColumnValues> two : other.alternatives) {
        List<ColumnValues> alternative = new ArrayList<>(columns.size());
        for (KeyColumn column : columns) {
          alternative.add(one.get(column.index()).and(two.get(column.index()), column));
        }
        if (alternative.stream().noneMatch(ColumnValues::isNone)) {
          both.add(alternative);
        }
      }
    }
    return anyOf(columns, List.of(new KeyCondition(columns, both)));
  }

  /** Returns a condition that allows the keys that at least one of these allows. */
  static KeyCondition anyOf(List<KeyColumn> columns, Collection<KeyCondition> conditions) {
    Set<List<ColumnValues>> all = new LinkedHashSet<>();
    for (KeyCondition condition : conditions) {
      if (condition.allowsAll()) {
        return all(columns);
      }
      all.addAll(condition.alternatives);
    }
    KeyCondition any = new KeyCondition(columns, List.copyOf(merged(columns, all)));
    return any.alternatives.size() > MAX_ALTERNATIVES ? any.widened() : any;
  }

  /** Joins the alternatives that consist of single values of the same column alone. */
  private static Collection<List<ColumnValues>> merged(
      List<KeyColumn> columns, Set<List<ColumnValues>> alternatives) {
    Map<Integer, List<KeyColumn.Value>> single = new TreeMap<>();
    List<List<ColumnValues>> others = new ArrayList<>();
    for (List<ColumnValues> alternative : alternatives) {
      int column = onlyLimited(alternative);
      List<KeyColumn.Value> values = column < 0 ? null : alternative.get(column).single();
      if (values == null) {
        others.add(alternative);
      } else {
        single.computeIfAbsent(column, ignored -> new ArrayList<>()).addAll(values);
      }
    }
    single.forEach(
        (column, values) ->
            others.addAll(of(columns, columns.get(column), ColumnValues.of(values)).alternatives));
    return others;
  }

  /** Returns the only column whose values an alternative limits, or -1. */
  private static int onlyLimited(List<ColumnValues> alternative) {
    int found = -1;
    for (int i = 0; i < alternative.size(); i++) {
      if (!alternative.get(i).isAll()) {
        if (found >= 0) {
          return -1;
        }
        found = i;
      }
    }
    return found;
  }

  /** Returns a condition with at most one alternative that allows all keys of this one. */
  KeyCondition widened() {
    if (alternatives.size() <= 1) {
      return this;
    }
    List<ColumnValues> wide =
        columns.stream()
            .map(
                column ->
                    ColumnValues.anyOf(
                        alternatives.stream().map(all -> all.get(column.index())).toList(), column))
            .toList();
    return new KeyCondition(columns, List.of(wide));
  }

  private static boolean isUnlimited(List<ColumnValues> alternative) {
    return alternative.stream().allMatch(ColumnValues::isAll);
  }
}
