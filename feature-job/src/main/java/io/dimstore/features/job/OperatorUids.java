// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.job;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.streaming.api.transformations.SinkTransformation;

/**
 * Sets uids on operators that hold state, so that a savepoint finds them whatever else the job
 * contains. Flink derives its own ids from the whole plan. When a second result is added, the
 * derived id of a lookup changes, and the savepoint's in-flight lookups no longer match any
 * operator.
 */
final class OperatorUids {

  static final String SOURCE = "read-events";
  static final String PARSE = "parse-events";
  static final String LOOK_BACK = "look-back";

  private static final Pattern LOOKUP =
      Pattern.compile("LookupJoin\\(table=\\[([^\\]]*)\\].*?select=\\[(.*?)\\]", Pattern.DOTALL);

  private OperatorUids() {}

  /**
   * Sets the uids of the lookups that compute a view and are not part of an earlier view, and names
   * the uid of its last operator after the view.
   *
   * <p>The uid of a lookup contains its table and a digest of the columns that pass through it. The
   * lookup's state consists of rows of these columns, and a query with other columns would misread
   * them.
   */
  static void ofView(String name, Transformation<?> view) {
    for (Transformation<?> each : view.getTransitivePredecessors()) {
      String description = each.getDescription();
      if (each.getUid() != null || description == null) {
        continue;
      }
      Matcher lookup = LOOKUP.matcher(description);
      if (lookup.find()) {
        String path = lookup.group(1);
        each.setUid(
            "%s/%s/%08x"
                .formatted(
                    name, path.substring(path.lastIndexOf('.') + 1), lookup.group(2).hashCode()));
      }
    }
    view.setUid(name);
  }

  /** Sets the uids of the sinks, which are named after their tables. */
  static void ofSinks(List<Transformation<?>> roots) {
    for (Transformation<?> root : roots) {
      if (root instanceof SinkTransformation && root.getUid() == null) {
        root.setUid("write-" + root.getName().replaceFirst("\\[\\d+]$", ""));
      }
    }
  }
}
