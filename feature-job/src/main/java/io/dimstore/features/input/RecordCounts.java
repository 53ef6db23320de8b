// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.input;

import io.dimstore.jobs.records.BadRecord;
import io.dimstore.jobs.records.RawRecord;
import io.dimstore.jobs.run.JobCounters;
import java.util.Set;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.Row;

/** Counts the records of one operator, and makes the dead letters of those that it refuses. */
public final class RecordCounts {

  private final JobCounters counters;
  private final String counted;

  private RecordCounts(JobCounters counters, String counted) {
    this.counters = counters;
    this.counted = counted;
  }

  /**
   * Declares the counters and restores them from a checkpoint.
   *
   * @param counted the name of what {@link #increment} counts
   * @param reasons the reasons for which the operator refuses records
   */
  public static RecordCounts restore(
      RuntimeContext operator,
      FunctionInitializationContext checkpoint,
      String counted,
      Set<DeadLetterReason> reasons)
      throws Exception {
    JobCounters counters = new JobCounters(operator, FeatureCounts.PREFIX);
    counters.declare(counted, operator.getMetricGroup());
    MetricGroup letters = operator.getMetricGroup().addGroup("deadLetters");
    reasons.forEach(reason -> counters.declare(reason.code(), letters));
    counters.restore(checkpoint.getOperatorStateStore());
    return new RecordCounts(counters, counted);
  }

  public void increment() {
    counters.increment(counted);
  }

  /**
   * Creates a row for the dead-letter topic and counts it.
   *
   * @param row holds the fields of the source record
   * @param at index in {@code row} of the first of those fields
   */
  public Row deadLetter(BadRecord.Reason reason, String detail, RowData row, int at) {
    counters.increment(reason.code());
    return RawRecord.of(row, at).deadLetter(reason, detail);
  }

  /** Adds the counts to a checkpoint. */
  public void save() throws Exception {
    counters.save();
  }
}
