// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.encoding;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The condition of a query that reads the items of one partition whose sort keys lie in a range. It
 * may read a few items more, at the bounds of the range.
 *
 * @param condition the key condition expression; empty if there can be no such item
 * @param names the attribute names by placeholder; a {@link ReadPlan} has the same placeholders
 * @param values the values by placeholder
 */
public record PartitionQuery(
    String condition, Map<String, String> names, Map<String, AttributeValue> values) {

  static final PartitionQuery NOTHING = new PartitionQuery("", Map.of(), Map.of());

  /** Returns whether there can be no item, so that no request is needed. */
  public boolean isEmpty() {
    return condition.isEmpty();
  }
}
