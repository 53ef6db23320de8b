package io.dimstore.writer;

import io.dimstore.flink.DeadLetterRow;
import java.time.Instant;
import java.util.Objects;
import org.apache.flink.types.Row;
import org.apache.flink.util.OutputTag;

/** Makes the dead letter of a record of a change topic. */
final class DeadLetter {

  static final OutputTag<Row> TAG = new OutputTag<>("dead-letters", DeadLetterRow.TYPE);

  private DeadLetter() {}

  static Row of(BadChange why, Row record) {
    return DeadLetterRow.of(
        why.reason().code(),
        why.detail(),
        (byte[]) record.getField(Records.KEY),
        (byte[]) record.getField(Records.PAYLOAD),
        new DeadLetterRow.Place(
            field(record, Records.TOPIC, String.class),
            field(record, Records.PARTITION, Integer.class),
            field(record, Records.OFFSET, Long.class),
            field(record, Records.TIME, Instant.class)));
  }

  private static <T> T field(Row record, int position, Class<T> type) {
    return type.cast(Objects.requireNonNull(record.getField(position)));
  }
}
