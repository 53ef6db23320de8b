package io.dimstore.features;

import io.dimstore.features.BadEvent.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** Makes dead-letter rows and counts them by reason in the operator's metrics. */
final class DeadLetters {

  static final OutputTag<RowData> TAG =
      new OutputTag<>("dead-letters", EventRows.info(EventRows.DEAD_LETTER));

  private final Map<Reason, Counter> counters = new EnumMap<>(Reason.class);

  DeadLetters(MetricGroup metrics) {
    MetricGroup group = metrics.addGroup("deadLetters");
    for (Reason reason : Reason.values()) {
      counters.put(reason, group.counter(reason.code()));
    }
  }

  /**
   * A row for the dead-letter topic.
   *
   * @param row holds the fields of the source record
   * @param at where in {@code row} those fields begin
   */
  RowData of(Reason reason, String detail, RowData row, int at) {
    Counter counter = counters.get(reason);
    if (counter != null) {
      counter.inc();
    }
    GenericRowData letter = new GenericRowData(EventRows.DEAD_LETTER.getFieldCount());
    letter.setField(0, StringData.fromString(reason.code()));
    letter.setField(1, StringData.fromString(detail));
    if (!row.isNullAt(at + EventRows.RAW_PAYLOAD)) {
      byte[] payload = row.getBinary(at + EventRows.RAW_PAYLOAD);
      String text = utf8(payload);
      letter.setField(
          2,
          StringData.fromString(text == null ? Base64.getEncoder().encodeToString(payload) : text));
      letter.setField(3, StringData.fromString(text == null ? "base64" : "utf-8"));
    }
    letter.setField(4, row.getString(at + EventRows.RAW_TOPIC));
    letter.setField(5, row.getInt(at + EventRows.RAW_PARTITION));
    letter.setField(6, row.getLong(at + EventRows.RAW_OFFSET));
    letter.setField(7, row.getTimestamp(at + EventRows.RAW_TIME, 3));
    return letter;
  }

  private static @Nullable String utf8(byte[] payload) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
