package io.dimstore.features;

import io.dimstore.features.BadEvent.Reason;
import io.dimstore.flink.DeadLetterRow;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.Row;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** Makes dead-letter rows and counts them by reason in the operator's metrics. */
final class DeadLetters {

  static final OutputTag<Row> TAG = new OutputTag<>("dead-letters", DeadLetterRow.TYPE);

  private final Map<Reason, Counter> counters = new EnumMap<>(Reason.class);

  DeadLetters(MetricGroup metrics) {
    MetricGroup group = metrics.addGroup("deadLetters");
    for (Reason reason : Reason.values()) {
      counters.put(reason, group.counter(reason.code()));
    }
  }

  /**
   * A row for the dead-letter topic.
   *
   * @param row holds the fields of the source record
   * @param at where in {@code row} those fields begin
   */
  Row of(Reason reason, String detail, RowData row, int at) {
    Counter counter = counters.get(reason);
    if (counter != null) {
      counter.inc();
    }
    return DeadLetterRow.of(
        reason.code(),
        detail,
        bytes(row, at + EventRows.RAW_KEY),
        bytes(row, at + EventRows.RAW_PAYLOAD),
        new DeadLetterRow.Place(
            row.getString(at + EventRows.RAW_TOPIC).toString(),
            row.getInt(at + EventRows.RAW_PARTITION),
            row.getLong(at + EventRows.RAW_OFFSET),
            row.getTimestamp(at + EventRows.RAW_TIME, 3).toInstant()));
  }

  private static byte @Nullable [] bytes(RowData row, int field) {
    return row.isNullAt(field) ? null : row.getBinary(field);
  }
}
