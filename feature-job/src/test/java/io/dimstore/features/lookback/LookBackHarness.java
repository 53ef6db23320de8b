// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dimstore.features.input.EventRows;
import io.dimstore.features.oracle.OracleEvent;
import io.dimstore.jobs.records.RawRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.runtime.typeutils.RowDataSerializer;
import org.apache.flink.types.Row;

/** The look-back operator alone, as Flink runs it, without a cluster. */
final class LookBackHarness implements AutoCloseable {

  private final KeyedOneInputStreamOperatorTestHarness<String, RowData, RowData> harness;
  private final RowDataSerializer serializer = new RowDataSerializer(EventRows.PARSED);
  private int lettersSeen;

  LookBackHarness(StateBackend backend, Duration lateness) throws Exception {
    this(
        backend,
        new LookBackLimits(lateness, Duration.ofDays(35), LookBackLimits.LARGE_FROM, 9_000_000));
  }

  LookBackHarness(StateBackend backend, LookBackLimits limits) throws Exception {
    harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new LookBackFunction(limits, 1)),
            row -> row.getString(EventRows.USER_ID).toString(),
            Types.STRING);
    harness.setStateBackend(backend);
    harness.getExecutionConfig().enableObjectReuse();
    harness.setup(
        EventRows.info(LookBackRows.TYPE)
            .createSerializer(harness.getExecutionConfig().getSerializerConfig()));
  }

  LookBackHarness open() throws Exception {
    harness.open();
    return this;
  }

  LookBackHarness restore(OperatorSubtaskState state) throws Exception {
    harness.initializeState(state);
    return open();
  }

  OperatorSubtaskState snapshot() throws Exception {
    return harness.snapshot(1, 1);
  }

  void setWallClock(Duration sinceStart) throws Exception {
    harness.setStateTtlProcessingTime(sinceStart.toMillis());
    harness.setProcessingTime(sinceStart.toMillis());
  }

  /** Whether any user has nodes or items of a tree in state. */
  boolean hasTrees() {
    KeyedStateBackend<String> backend = harness.getOperator().getKeyedStateBackend();
    for (String name : List.of("history-nodes", "history-items")) {
      try (Stream<String> keys = backend.getKeys(name, VoidNamespace.INSTANCE)) {
        if (keys.findAny().isPresent()) {
          return true;
        }
      }
    }
    return false;
  }

  /** The look-back of an event in the form of {@link Expected}. */
  String process(OracleEvent event) throws Exception {
    send(row(event));
    Queue<Object> output = harness.getOutput();
    if (output.isEmpty()) {
      Queue<StreamRecord<Row>> letters = letters();
      if (letters.size() != lettersSeen + 1) {
        return "nothing";
      }
      lettersSeen++;
      return Expected.TOO_LATE;
    }
    if (output.size() != 1) {
      return "too many rows: " + output;
    }
    RowData row = (RowData) ((StreamRecord<?>) output.remove()).getValue();
    int[] next = {EventRows.EVENT_FIELDS};
    return Expected.text(
        row.getString(EventRows.EVENT_ID).toString(), () -> row.getLong(next[0]++));
  }

  void send(RowData row) throws Exception {
    harness.processElement(new StreamRecord<>(row));
  }

  void forgetOutput() {
    harness.getOutput().clear();
  }

  List<Row> deadLetters() {
    List<Row> rows = new ArrayList<>();
    letters().forEach(record -> rows.add(record.getValue()));
    return rows;
  }

  private Queue<StreamRecord<Row>> letters() {
    Queue<StreamRecord<Row>> letters = harness.getSideOutput(RawRecord.DEAD_LETTERS);
    return letters == null ? new ConcurrentLinkedQueue<>() : letters;
  }

  /** The binary row that the network hands to the operator. */
  RowData row(OracleEvent event) {
    GenericRowData row = new GenericRowData(EventRows.PARSED.getFieldCount());
    row.setField(EventRows.EVENT_ID, StringData.fromString(event.eventId()));
    row.setField(EventRows.USER_ID, StringData.fromString(event.userId()));
    row.setField(EventRows.ITEM_ID, StringData.fromString(event.itemId()));
    row.setField(EventRows.EVENT_TYPE, StringData.fromString(event.type()));
    row.setField(EventRows.QUANTITY, event.quantity());
    row.setField(EventRows.AMOUNT, event.amount());
    row.setField(EventRows.EVENT_TIME, TimestampData.fromEpochMillis(event.time()));
    int at = EventRows.EVENT_FIELDS;
    row.setField(at + RawRecord.KEY, event.userId().getBytes(UTF_8));
    row.setField(at + RawRecord.PAYLOAD, event.eventId().getBytes(UTF_8));
    row.setField(at + RawRecord.TOPIC, StringData.fromString("events"));
    row.setField(at + RawRecord.PARTITION, 0);
    row.setField(at + RawRecord.OFFSET, 7L);
    row.setField(at + RawRecord.TIME, TimestampData.fromEpochMillis(event.time()));
    return serializer.toBinaryRow(row).copy();
  }

  @Override
  public void close() throws Exception {
    harness.close();
  }
}
