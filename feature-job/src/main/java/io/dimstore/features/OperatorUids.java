package io.dimstore.features;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.streaming.api.transformations.SinkTransformation;

/**
 * Gives operators that hold state an id by which a savepoint finds them again, whatever else is in
 * the job. Flink's own ids follow from the whole plan: with another result beside it, a lookup had
 * another id, and the lookups under way in a savepoint belonged to nobody.
 */
final class OperatorUids {

  static final String SOURCE = "read-events";
  static final String PARSE = "parse-events";
  static final String LOOK_BACK = "look-back";

  private static final Pattern LOOKUP =
      Pattern.compile("LookupJoin\\(table=\\[([^\\]]*)\\].*?select=\\[(.*?)\\]", Pattern.DOTALL);

  private OperatorUids() {}

  /**
   * Names the lookups of a result, and its last operator after the result's view.
   *
   * <p>The id of a lookup contains its table and a digest of the columns that pass through it: its
   * state is rows of these columns, and would be misread by a query that carries other ones.
   */
  static void ofResult(Result result, Transformation<?> view) {
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
                    result.view(),
                    path.substring(path.lastIndexOf('.') + 1),
                    lookup.group(2).hashCode()));
      }
    }
    view.setUid(result.view());
  }

  /** Names the sinks by their tables. */
  static void ofSinks(List<Transformation<?>> roots) {
    for (Transformation<?> root : roots) {
      if (root instanceof SinkTransformation && root.getUid() == null) {
        root.setUid("write-" + root.getName().replaceFirst("\\[\\d+]$", ""));
      }
    }
  }
}
