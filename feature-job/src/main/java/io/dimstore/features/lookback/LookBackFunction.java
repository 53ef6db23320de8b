// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

import io.dimstore.features.input.DeadLetterReason;
import io.dimstore.features.input.EventKind;
import io.dimstore.features.input.EventRows;
import io.dimstore.features.input.FeatureCounts;
import io.dimstore.features.input.RecordCounts;
import io.dimstore.jobs.records.RawRecord;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.Row;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Computes the look-back of each event when the event arrives, keyed by user.
 *
 * <p>The look-back of an event depends only on the order in which its user's events arrive. It does
 * not depend on a clock, on watermarks or on other users. An event that is older than the user's
 * newest event by more than the allowed lateness is sent to {@link RawRecord#DEAD_LETTERS} and not
 * counted.
 */
final class LookBackFunction extends KeyedProcessFunction<String, RowData, RowData>
    implements CheckpointedFunction {

  private static final long serialVersionUID = 1L;

  /**
   * How many users the heap backend checks for expiry at each access to a state. An event accesses
   * it twice and adds one user at most, so the check comes round faster than users are added.
   * Flink's default of 5 took 5 % of the job's CPU time.
   */
  private static final int CHECKED_PER_ACCESS = 1;

  /** The maximum number of state entries that one call of a timer removes. */
  private static final int REMOVED_AT_ONCE = 1_000;

  private final LookBackLimits limits;
  private final int results;

  private transient @Nullable ValueState<History> histories;
  private transient @Nullable StateTreeStore trees;
  private transient @Nullable RecordCounts counts;
  private transient @Nullable LookBack lookBack;

  /**
   * Creates the function.
   *
   * @param results the value of the column {@link LookBackRows#RESULTS}
   */
  LookBackFunction(LookBackLimits limits, int results) {
    this.limits = limits;
    this.results = results;
  }

  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
    counts =
        RecordCounts.restore(
            getRuntimeContext(), context, FeatureCounts.EVENTS, DeadLetterReason.OF_LOOK_BACK);
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) throws Exception {
    Objects.requireNonNull(counts).save();
  }

  @Override
  public void open(OpenContext context) {
    ValueStateDescriptor<History> descriptor =
        new ValueStateDescriptor<>("user-history", new HistorySerializer());
    descriptor.enableTimeToLive(
        StateTtlConfig.newBuilder(limits.stateTtl())
            .cleanupIncrementally(CHECKED_PER_ACCESS, false)
            .build());
    histories = getRuntimeContext().getState(descriptor);
    trees = new StateTreeStore(getRuntimeContext());
    lookBack = new LookBack();
  }

  @Override
  public void processElement(RowData event, Context context, Collector<RowData> out)
      throws Exception {
    ValueState<History> state = Objects.requireNonNull(histories);
    LookBack features = Objects.requireNonNull(lookBack);
    History history = state.value();
    DeadLetterReason refused;
    if (history instanceof LargeHistory head) {
      EventTree tree = EventTree.open(Objects.requireNonNull(trees), head);
      refused = add(tree, event, features);
      if (refused == null) {
        state.update(tree.save());
      }
    } else {
      UserHistory log = history == null ? new UserHistory() : (UserHistory) history;
      refused = add(log, event, features);
      if (refused == null) {
        state.update(log.size() < limits.largeFrom() ? log : grown(log, context));
      }
    }
    if (refused == null) {
      Objects.requireNonNull(counts).increment();
      out.collect(row(event, features));
    } else {
      context.output(RawRecord.DEAD_LETTERS, letter(refused, event));
    }
  }

  private @Nullable DeadLetterReason add(EventTree tree, RowData event, LookBack features)
      throws Exception {
    return tree.add(
        event.getTimestamp(EventRows.EVENT_TIME, 3).getMillisecond(),
        event.getString(EventRows.ITEM_ID).toBytes(),
        kind(event),
        event.getLong(EventRows.AMOUNT),
        limits.lateness().toMillis(),
        limits.maxEvents(),
        features);
  }

  private @Nullable DeadLetterReason add(UserHistory log, RowData event, LookBack features) {
    boolean added =
        log.add(
            event.getTimestamp(EventRows.EVENT_TIME, 3).getMillisecond(),
            event.getString(EventRows.ITEM_ID).toBytes(),
            kind(event),
            event.getLong(EventRows.AMOUNT),
            limits.lateness().toMillis(),
            features);
    return added ? null : DeadLetterReason.TOO_LATE;
  }

  /** Converts a short history that has become long to a tree. */
  private History grown(UserHistory log, Context context) throws Exception {
    StateTreeStore store = Objects.requireNonNull(trees);
    // An expired tree of this user may have left nodes behind.
    store.clear();
    long cleanUpAt = context.timerService().currentProcessingTime() + limits.stateTtl().toMillis();
    context.timerService().registerProcessingTimeTimer(cleanUpAt);
    return EventTree.of(log, store, cleanUpAt).save();
  }

  /**
   * Removes the tree of a user whose state has expired. Flink expires the head, which is written
   * with each event. The nodes below the head do not expire by themselves, because the head needs
   * them as long as it exists.
   */
  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<RowData> out)
      throws Exception {
    ValueState<History> state = Objects.requireNonNull(histories);
    long now = context.timerService().currentProcessingTime();
    if (state.value() instanceof LargeHistory head) {
      if (head.cleanUpAt() <= timestamp) {
        long next = now + limits.stateTtl().toMillis();
        context.timerService().registerProcessingTimeTimer(next);
        state.update(head.withCleanUpAt(next));
      }
    } else if (Objects.requireNonNull(trees).clearSome(REMOVED_AT_ONCE)) {
      context.timerService().registerProcessingTimeTimer(now + 1);
    }
  }

  private Row letter(DeadLetterReason refused, RowData event) {
    String detail =
        refused == DeadLetterReason.TOO_LATE
            ? "older than the user's newest event by more than the allowed lateness"
            : "the user has " + limits.maxEvents() + " events in the longest window already";
    return Objects.requireNonNull(counts)
        .deadLetter(refused, detail, event, EventRows.EVENT_FIELDS);
  }

  private static EventKind kind(RowData event) {
    EventKind kind = EventKind.ofText(event.getString(EventRows.EVENT_TYPE).toString());
    return Objects.requireNonNull(kind, "the parser refuses unknown types");
  }

  private RowData row(RowData event, LookBack features) {
    GenericRowData row = new GenericRowData(EventRows.EVENT_FIELDS + LookBackRows.AGGREGATES + 1);
    row.setField(EventRows.EVENT_ID, event.getString(EventRows.EVENT_ID));
    row.setField(EventRows.USER_ID, event.getString(EventRows.USER_ID));
    row.setField(EventRows.ITEM_ID, event.getString(EventRows.ITEM_ID));
    row.setField(EventRows.EVENT_TYPE, event.getString(EventRows.EVENT_TYPE));
    row.setField(EventRows.QUANTITY, event.getLong(EventRows.QUANTITY));
    row.setField(EventRows.AMOUNT, event.getLong(EventRows.AMOUNT));
    row.setField(EventRows.EVENT_TIME, event.getTimestamp(EventRows.EVENT_TIME, 3));
    for (int i = 0; i < LookBackRows.AGGREGATES; i++) {
      row.setField(EventRows.EVENT_FIELDS + i, features.get(i));
    }
    row.setField(EventRows.EVENT_FIELDS + LookBackRows.AGGREGATES, results);
    return row;
  }
}
