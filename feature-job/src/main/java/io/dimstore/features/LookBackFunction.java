package io.dimstore.features;

import java.time.Duration;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
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

  private final long latenessMillis;
  private final Duration stateTtl;

  private transient @Nullable ValueState<UserHistory> histories;
  private transient @Nullable DeadLetters deadLetters;
  private transient @Nullable LookBack lookBack;

  /**
   * Look-backs.
   *
   * @param lateness how much older than the user's newest an event may be
   * @param stateTtl wall-clock time after which a silent user is forgotten
   */
  LookBackFunction(Duration lateness, Duration stateTtl) {
    this.latenessMillis = lateness.toMillis();
    this.stateTtl = stateTtl;
  }

  @Override
  public void open(OpenContext context) {
    ValueStateDescriptor<UserHistory> descriptor =
        new ValueStateDescriptor<>("user-history", new UserHistorySerializer());
    descriptor.enableTimeToLive(StateTtlConfig.newBuilder(stateTtl).build());
    histories = getRuntimeContext().getState(descriptor);
    deadLetters = new DeadLetters(getRuntimeContext().getMetricGroup());
    lookBack = new LookBack();
  }

  @Override
  public void processElement(RowData event, Context context, Collector<RowData> out)
      throws Exception {
    ValueState<UserHistory> state = Objects.requireNonNull(histories);
    LookBack features = Objects.requireNonNull(lookBack);
    UserHistory history = state.value();
    if (history == null) {
      history = new UserHistory();
    }
    boolean added =
        history.add(
            event.getTimestamp(EventRows.EVENT_TIME, 3).getMillisecond(),
            event.getString(EventRows.ITEM_ID).toBytes(),
            kind(event),
            event.getLong(EventRows.AMOUNT),
            latenessMillis,
            features);
    if (added) {
      state.update(history);
      out.collect(row(event, features));
    } else {
      context.output(
          DeadLetters.TAG,
          Objects.requireNonNull(deadLetters)
              .of(
                  BadEvent.Reason.TOO_LATE,
                  "older than the user's newest event by more than the allowed lateness",
                  event,
                  EventRows.EVENT_FIELDS));
    }
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
