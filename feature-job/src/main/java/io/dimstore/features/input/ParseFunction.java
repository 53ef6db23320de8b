// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.input;

import io.dimstore.jobs.records.ArrivalTime;
import io.dimstore.jobs.records.BadRecord;
import io.dimstore.jobs.records.RawRecord;
import java.time.Duration;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Parses raw records into rows. A record that is not an event is sent to {@link
 * RawRecord#DEAD_LETTERS}. So is an event whose time is too far ahead of the clocks of the broker
 * and of this task.
 */
final class ParseFunction extends ProcessFunction<RowData, RowData>
    implements CheckpointedFunction {

  private static final long serialVersionUID = 1L;
  private static final StringData STAMPED_BY_BROKER =
      StringData.fromString(ArrivalTime.STAMPED_BY_BROKER);

  private final Duration maxAhead;

  private transient @Nullable EventParser parser;
  private transient @Nullable RecordCounts counts;

  /**
   * Creates the function.
   *
   * @param maxAhead how far an event time may lie ahead of the arrival of its record
   */
  ParseFunction(Duration maxAhead) {
    this.maxAhead = maxAhead;
  }

  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
    counts =
        RecordCounts.restore(
            getRuntimeContext(), context, FeatureCounts.READ, DeadLetterReason.OF_PARSER);
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) throws Exception {
    Objects.requireNonNull(counts).save();
  }

  @Override
  public void open(OpenContext context) {
    parser = new EventParser(maxAhead);
  }

  @Override
  public void processElement(RowData raw, Context context, Collector<RowData> out) {
    if (parser == null || counts == null) {
      throw new IllegalStateException("not opened");
    }
    counts.increment();
    byte[] payload = raw.isNullAt(RawRecord.PAYLOAD) ? null : raw.getBinary(RawRecord.PAYLOAD);
    long arrival = arrival(raw, context.timerService().currentProcessingTime());
    try {
      out.collect(row(parser.parse(payload, arrival), raw));
    } catch (BadRecord e) {
      context.output(RawRecord.DEAD_LETTERS, counts.deadLetter(e.reason(), e.detail(), raw, 0));
    }
  }

  private static long arrival(RowData raw, long now) {
    long recordTime = raw.getTimestamp(RawRecord.TIME, 3).getMillisecond();
    StringData type = raw.getString(RawRecord.TIME_TYPE);
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
    if (!raw.isNullAt(RawRecord.KEY)) {
      row.setField(at + RawRecord.KEY, raw.getBinary(RawRecord.KEY));
    }
    row.setField(at + RawRecord.PAYLOAD, raw.getBinary(RawRecord.PAYLOAD));
    row.setField(at + RawRecord.TOPIC, raw.getString(RawRecord.TOPIC));
    row.setField(at + RawRecord.PARTITION, raw.getInt(RawRecord.PARTITION));
    row.setField(at + RawRecord.OFFSET, raw.getLong(RawRecord.OFFSET));
    row.setField(at + RawRecord.TIME, raw.getTimestamp(RawRecord.TIME, 3));
    return row;
  }
}
