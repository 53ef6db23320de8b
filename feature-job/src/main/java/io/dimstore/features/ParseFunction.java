package io.dimstore.features;

import io.dimstore.flink.ArrivalTime;
import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Parses raw records into rows. Records that are no events, and events whose time lies too far
 * ahead of the clocks of the broker and of this task, go to {@link DeadLetters#TAG}.
 */
final class ParseFunction extends ProcessFunction<RowData, RowData> {

  private static final long serialVersionUID = 1L;
  private static final StringData STAMPED_BY_BROKER =
      StringData.fromString(ArrivalTime.STAMPED_BY_BROKER);

  private final Duration maxAhead;

  private transient @Nullable EventParser parser;
  private transient @Nullable DeadLetters deadLetters;

  /**
   * Creates the function.
   *
   * @param maxAhead how far an event time may lie ahead of the arrival of its record
   */
  ParseFunction(Duration maxAhead) {
    this.maxAhead = maxAhead;
  }

  @Override
  public void open(OpenContext context) {
    parser = new EventParser(maxAhead);
    deadLetters = new DeadLetters(getRuntimeContext().getMetricGroup());
  }

  @Override
  public void processElement(RowData raw, Context context, Collector<RowData> out) {
    if (parser == null || deadLetters == null) {
      throw new IllegalStateException("not opened");
    }
    byte[] payload =
        raw.isNullAt(EventRows.RAW_PAYLOAD) ? null : raw.getBinary(EventRows.RAW_PAYLOAD);
    long arrival = arrival(raw, context.timerService().currentProcessingTime());
    try {
      out.collect(row(parser.parse(payload, arrival), raw));
    } catch (BadEvent e) {
      context.output(DeadLetters.TAG, deadLetters.of(e.reason(), e.detail(), raw, 0));
    }
  }

  private static long arrival(RowData raw, long now) {
    long recordTime = raw.getTimestamp(EventRows.RAW_TIME, 3).getMillisecond();
    StringData type = raw.getString(EventRows.RAW_TIME_TYPE);
    return ArrivalTime.latest(recordTime, STAMPED_BY_BROKER.equals(type), now);
  }

  private static RowData row(ParsedEvent event, RowData raw) {
    GenericRowData row = new GenericRowData(EventRows.EVENT_FIELDS + EventRows.RAW_FIELDS);
    row.setField(EventRows.EVENT_ID, StringData.fromString(event.eventId()));
    row.setField(EventRows.USER_ID, StringData.fromString(event.userId()));
    row.setField(EventRows.ITEM_ID, StringData.fromString(event.itemId()));
    row.setField(EventRows.EVENT_TYPE, StringData.fromString(event.kind().text()));
    row.setField(EventRows.QUANTITY, event.quantity());
    row.setField(EventRows.AMOUNT, event.amount());
    row.setField(EventRows.EVENT_TIME, TimestampData.fromEpochMillis(event.timeMillis()));
    int at = EventRows.EVENT_FIELDS;
    if (!raw.isNullAt(EventRows.RAW_KEY)) {
      row.setField(at + EventRows.RAW_KEY, raw.getBinary(EventRows.RAW_KEY));
    }
    row.setField(at + EventRows.RAW_PAYLOAD, raw.getBinary(EventRows.RAW_PAYLOAD));
    row.setField(at + EventRows.RAW_TOPIC, raw.getString(EventRows.RAW_TOPIC));
    row.setField(at + EventRows.RAW_PARTITION, raw.getInt(EventRows.RAW_PARTITION));
    row.setField(at + EventRows.RAW_OFFSET, raw.getLong(EventRows.RAW_OFFSET));
    row.setField(at + EventRows.RAW_TIME, raw.getTimestamp(EventRows.RAW_TIME, 3));
    return row;
  }
}
