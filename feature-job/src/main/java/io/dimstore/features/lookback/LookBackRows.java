// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

import io.dimstore.features.input.EventRows;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.RowType;

/**
 * The rows that the look-back emits: an event's fields, followed by the aggregates, followed by the
 * results that the job computed when the event came in.
 */
public final class LookBackRows {

  static final int AGGREGATES = LookBackWindows.COUNT * LookBack.PER_WINDOW;

  /**
   * The column with the results to compute of the event. A later job may compute other results, and
   * finishes the events that are in flight in its savepoint by this column.
   */
  public static final String RESULTS = "results";

  /** The type of the rows. Their first fields are those of {@link EventRows#event}. */
  public static final RowType TYPE = type();

  private LookBackRows() {}

  private static RowType type() {
    List<RowType.RowField> fields = new ArrayList<>(EventRows.event());
    for (int w = 0; w < LookBackWindows.COUNT; w++) {
      for (int a = 0; a < LookBack.PER_WINDOW; a++) {
        fields.add(new RowType.RowField(LookBack.column(w, a), new BigIntType(false)));
      }
    }
    fields.add(new RowType.RowField(RESULTS, new IntType(false)));
    return new RowType(false, fields);
  }
}
