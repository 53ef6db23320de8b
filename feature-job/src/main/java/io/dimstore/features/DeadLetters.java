// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features;

import io.dimstore.jobs.records.BadRecord;
import io.dimstore.jobs.records.RawRecord;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.Row;

/** Makes dead-letter rows and counts them by reason in the operator's metrics. */
final class DeadLetters {

  private final Map<Reason, Counter> counters = new EnumMap<>(Reason.class);

  DeadLetters(MetricGroup metrics) {
    MetricGroup group = metrics.addGroup("deadLetters");
    for (Reason reason : Reason.values()) {
      counters.put(reason, group.counter(reason.code()));
    }
  }

  /**
   * Creates a row for the dead-letter topic and counts it.
   *
   * @param row holds the fields of the source record
   * @param at index in {@code row} of the first of those fields
   */
  Row of(BadRecord.Reason reason, String detail, RowData row, int at) {
    Counter counter = counters.get(reason);
    if (counter != null) {
      counter.inc();
    }
    return RawRecord.of(row, at).deadLetter(reason, detail);
  }
}
