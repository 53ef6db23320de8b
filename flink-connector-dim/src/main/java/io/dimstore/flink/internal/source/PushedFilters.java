// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.source;

import io.dimstore.flink.internal.row.TableLayout;
import java.util.List;
import org.apache.flink.table.expressions.ResolvedExpression;

/**
 * The conditions of a query that limit the keys to read. Immutable.
 *
 * @param condition the keys that all conditions allow
 * @param keys what a scan reads for them
 */
public record PushedFilters(KeyCondition condition, ScannedKeys keys) {

  /** Returns no conditions: a scan reads the whole table. */
  public static PushedFilters none(TableLayout layout) {
    return new PushedFilters(KeyCondition.all(KeyColumn.of(layout)), ScannedKeys.ALL);
  }

  /** Returns these conditions and further ones. */
  public PushedFilters and(List<ResolvedExpression> filters, TableLayout layout) {
    KeyCondition all = condition;
    for (ResolvedExpression filter : filters) {
      all = all.and(KeyFilter.of(filter, layout));
    }
    return new PushedFilters(all, ScannedKeys.of(all));
  }

  /** Returns those of the filters that have decided which keys are read. */
  public List<ResolvedExpression> used(List<ResolvedExpression> filters, TableLayout layout) {
    return filters.stream()
        .filter(filter -> keys.isDerivedFrom(KeyFilter.of(filter, layout)))
        .toList();
  }
}
