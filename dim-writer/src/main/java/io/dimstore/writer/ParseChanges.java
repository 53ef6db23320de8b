// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.jobs.records.ArrivalTime;
import io.dimstore.jobs.records.BadRecord;
import io.dimstore.jobs.records.ChangeParser;
import io.dimstore.jobs.records.RawRecord;
import io.dimstore.jobs.run.JobCounters;
import io.dimstore.jobs.sql.Dimension;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Parses records to changes. Records that are not valid changes go to {@link
 * RawRecord#DEAD_LETTERS}. The counts are part of the checkpoints, so a record that is read again
 * after a restart is counted once.
 */
final class ParseChanges extends ProcessFunction<Row, Row> implements CheckpointedFunction {

  private static final long serialVersionUID = 1L;

  private final Dimension dimension;

  private final @Nullable Duration maxAhead;

  private transient @Nullable ChangeParser parser;
  private transient @Nullable JobCounters counters;

  /**
   * Creates the function.
   *
   * @param maxAhead the most by which a version, as epoch milliseconds, may be ahead of the arrival
   *     of its record; null for versions that are not epoch milliseconds
   */
  ParseChanges(Dimension dimension, @Nullable Duration maxAhead) {
    this.maxAhead = maxAhead;
    this.dimension = withoutOptions(dimension);
  }

  /** The options may contain secrets, which need not be in the job graph once more. */
  private static Dimension withoutOptions(Dimension dimension) {
    return new Dimension(
        dimension.defaultTable(), dimension.columns(), dimension.keyColumns(), Map.of());
  }

  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
    JobCounters restored = ChangeCounts.counters(getRuntimeContext(), dimension);
    restored.restore(context.getOperatorStateStore());
    counters = restored;
  }

  @Override
  public void open(OpenContext context) {
    parser = new ChangeParser(dimension.columns(), dimension.keyColumns(), maxAhead);
  }

  @Override
  public void processElement(Row record, Context context, Collector<Row> out) {
    if (parser == null || counters == null) {
      throw new IllegalStateException("not opened");
    }
    counters.increment(ChangeCounts.READ);
    try {
      Row change =
          parser.parse(
              (byte[]) record.getField(RawRecord.KEY),
              (byte[]) record.getField(RawRecord.PAYLOAD),
              arrival(record, context.timerService().currentProcessingTime()));
      boolean delete = change.getKind() == RowKind.DELETE;
      counters.increment(delete ? ChangeCounts.DELETES : ChangeCounts.UPSERTS);
      out.collect(change);
    } catch (BadRecord e) {
      counters.increment(e.reason().code());
      context.output(
          RawRecord.DEAD_LETTERS, RawRecord.of(record).deadLetter(e.reason(), e.detail()));
    }
  }

  private static long arrival(Row record, long now) {
    Instant time = (Instant) Objects.requireNonNull(record.getField(RawRecord.TIME));
    boolean stampedByBroker =
        ArrivalTime.STAMPED_BY_BROKER.equals(record.getField(RawRecord.TIME_TYPE));
    return ArrivalTime.latest(time.toEpochMilli(), stampedByBroker, now);
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) throws Exception {
    if (counters == null) {
      throw new IllegalStateException("not opened");
    }
    counters.save();
  }
}
