package io.dimstore.features;

import io.dimstore.features.BadEvent.Reason;
import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.Row;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Gives each event its look-back the moment it arrives, keyed by user.
 *
 * <p>What an event gets depends on the order in which its user's events arrive and on nothing else:
 * no clock, no watermark, no other user. Events later than the allowed lateness, measured against
 * the user's own newest event, go to {@link DeadLetters#TAG} and count nowhere.
 */
final class LookBackFunction extends KeyedProcessFunction<String, RowData, RowData> {

  private static final long serialVersionUID = 1L;

  /** Entries of state that one call of a timer removes. */
  private static final int REMOVED_AT_ONCE = 1_000;

  private final Limits limits;

  private transient @Nullable ValueState<History> histories;
  private transient @Nullable StateTreeStore trees;
  private transient @Nullable DeadLetters deadLetters;
  private transient @Nullable LookBack lookBack;

  LookBackFunction(Limits limits) {
    this.limits = limits;
  }

  /**
   * The bounds of a user's history.
   *
   * @param lateness how much older than the user's newest an event may be
   * @param stateTtl wall-clock time after which a silent user is forgotten
   * @param largeFrom events from which on a history is kept as a tree
   * @param maxEvents events that a history may hold
   */
  record Limits(Duration lateness, Duration stateTtl, int largeFrom, long maxEvents)
      implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Beyond this an event of a short history costs more than one of a tree, on RocksDB. */
    static final int LARGE_FROM = 2_000;
  }

  @Override
  public void open(OpenContext context) {
    ValueStateDescriptor<History> descriptor =
        new ValueStateDescriptor<>("user-history", new HistorySerializer());
    descriptor.enableTimeToLive(StateTtlConfig.newBuilder(limits.stateTtl()).build());
    histories = getRuntimeContext().getState(descriptor);
    trees = new StateTreeStore(getRuntimeContext());
    deadLetters = new DeadLetters(getRuntimeContext().getMetricGroup());
    lookBack = new LookBack();
  }

  @Override
  public void processElement(RowData event, Context context, Collector<RowData> out)
      throws Exception {
    ValueState<History> state = Objects.requireNonNull(histories);
    LookBack features = Objects.requireNonNull(lookBack);
    History history = state.value();
    Reason refused;
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
      out.collect(row(event, features));
    } else {
      context.output(DeadLetters.TAG, letter(refused, event));
    }
  }

  private @Nullable Reason add(EventTree tree, RowData event, LookBack features) throws Exception {
    return tree.add(
        event.getTimestamp(EventRows.EVENT_TIME, 3).getMillisecond(),
        event.getString(EventRows.ITEM_ID).toBytes(),
        kind(event),
        event.getLong(EventRows.AMOUNT),
        limits.lateness().toMillis(),
        limits.maxEvents(),
        features);
  }

  private @Nullable Reason add(UserHistory log, RowData event, LookBack features) {
    boolean added =
        log.add(
            event.getTimestamp(EventRows.EVENT_TIME, 3).getMillisecond(),
            event.getString(EventRows.ITEM_ID).toBytes(),
            kind(event),
            event.getLong(EventRows.AMOUNT),
            limits.lateness().toMillis(),
            features);
    return added ? null : Reason.TOO_LATE;
  }

  /** Turns a log that has become long into a tree. */
  private History grown(UserHistory log, Context context) throws Exception {
    StateTreeStore store = Objects.requireNonNull(trees);
    store.clear(); // what an expired tree of this user may have left
    long cleanUpAt = context.timerService().currentProcessingTime() + limits.stateTtl().toMillis();
    context.timerService().registerProcessingTimeTimer(cleanUpAt);
    return EventTree.of(log, store, cleanUpAt).save();
  }

  /**
   * Removes the tree of a user who is forgotten. Flink expires the head, which is written with each
   * event; the nodes below live as long as the head needs them.
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

  private Row letter(Reason refused, RowData event) {
    String detail =
        refused == Reason.TOO_LATE
            ? "older than the user's newest event by more than the allowed lateness"
            : "the user has " + limits.maxEvents() + " events in the longest window already";
    return Objects.requireNonNull(deadLetters).of(refused, detail, event, EventRows.EVENT_FIELDS);
  }

  private static EventKind kind(RowData event) {
    EventKind kind = EventKind.ofText(event.getString(EventRows.EVENT_TYPE).toString());
    return Objects.requireNonNull(kind, "the parser lets known types through alone");
  }

  private static RowData row(RowData event, LookBack features) {
    GenericRowData row = new GenericRowData(EventRows.EVENT_FIELDS + EventRows.LOOK_BACK_FIELDS);
    row.setField(EventRows.EVENT_ID, event.getString(EventRows.EVENT_ID));
    row.setField(EventRows.USER_ID, event.getString(EventRows.USER_ID));
    row.setField(EventRows.ITEM_ID, event.getString(EventRows.ITEM_ID));
    row.setField(EventRows.EVENT_TYPE, event.getString(EventRows.EVENT_TYPE));
    row.setField(EventRows.QUANTITY, event.getLong(EventRows.QUANTITY));
    row.setField(EventRows.AMOUNT, event.getLong(EventRows.AMOUNT));
    row.setField(EventRows.EVENT_TIME, event.getTimestamp(EventRows.EVENT_TIME, 3));
    for (int i = 0; i < EventRows.LOOK_BACK_FIELDS; i++) {
      row.setField(EventRows.EVENT_FIELDS + i, features.get(i));
    }
    return row;
  }
}
