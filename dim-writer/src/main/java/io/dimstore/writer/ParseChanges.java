package io.dimstore.writer;

import io.dimstore.flink.ArrivalTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Records to changes; what is no change goes to {@link DeadLetter#TAG}. Counts are part of the
 * checkpoints, so that a record read twice because of a restart is counted once.
 */
final class ParseChanges extends ProcessFunction<Row, Row> implements CheckpointedFunction {

  private static final long serialVersionUID = 1L;

  private final Dimension dimension;
  private final @Nullable Duration maxAhead;

  private transient @Nullable ChangeParser parser;
  private transient @Nullable ChangeCounters counters;
  private transient @Nullable ListState<Map<String, Long>> saved;

  /**
   * Creates the function.
   *
   * @param maxAhead how far a version, as epoch milliseconds, may lie ahead of the arrival of its
   *     record; null for versions that are no times
   */
  ParseChanges(Dimension dimension, @Nullable Duration maxAhead) {
    this.maxAhead = maxAhead;
    this.dimension = dimension;
  }

  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
    ListState<Map<String, Long>> state =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>("counts", Types.MAP(Types.STRING, Types.LONG)));
    ChangeCounters restored = new ChangeCounters(getRuntimeContext(), dimension);
    for (Map<String, Long> before : state.get()) {
      before.forEach(restored::add);
    }
    saved = state;
    counters = restored;
  }

  @Override
  public void open(OpenContext context) {
    parser = new ChangeParser(dimension, maxAhead);
  }

  @Override
  public void processElement(Row record, Context context, Collector<Row> out) {
    if (parser == null || counters == null) {
      throw new IllegalStateException("not opened");
    }
    counters.add(ChangeCounts.READ, 1);
    try {
      Row change =
          parser.parse(
              (byte[]) record.getField(Records.KEY),
              (byte[]) record.getField(Records.PAYLOAD),
              arrival(record, context.timerService().currentProcessingTime()));
      boolean delete = change.getKind() == RowKind.DELETE;
      counters.add(delete ? ChangeCounts.DELETES : ChangeCounts.UPSERTS, 1);
      out.collect(change);
    } catch (BadChange e) {
      counters.add(e.reason().code(), 1);
      context.output(DeadLetter.TAG, DeadLetter.of(e, record));
    }
  }

  private static long arrival(Row record, long now) {
    Instant time = (Instant) Objects.requireNonNull(record.getField(Records.TIME));
    boolean stampedByBroker =
        ArrivalTime.STAMPED_BY_BROKER.equals(record.getField(Records.TIME_TYPE));
    return ArrivalTime.latest(time.toEpochMilli(), stampedByBroker, now);
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) throws Exception {
    if (saved == null || counters == null) {
      throw new IllegalStateException("not opened");
    }
    saved.update(List.of(counters.snapshot()));
  }
}
