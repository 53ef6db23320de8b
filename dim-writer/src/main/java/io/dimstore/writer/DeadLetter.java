package io.dimstore.writer;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.apache.flink.types.Row;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** Makes the row of a dead letter: why, the record as it was, and where it stood. */
final class DeadLetter {

  static final OutputTag<Row> TAG = new OutputTag<>("dead-letters", Records.DEAD_LETTER);

  /**
   * How much of a payload is kept. Written as JSON, where a control character takes six bytes, it
   * stays below the megabyte that brokers accept; a letter that Kafka refused would stop the job.
   */
  static final int MAX_PAYLOAD_BYTES = 128 * 1024;

  private static final int MAX_KEY_BYTES = 4 * 1024;

  private DeadLetter() {}

  static Row of(BadChange why, Row record) {
    byte[] payload = (byte[]) record.getField(Records.PAYLOAD);
    byte[] key = (byte[]) record.getField(Records.KEY);
    String text = payload == null || payload.length > MAX_PAYLOAD_BYTES ? null : utf8(payload);
    return Row.of(
        why.reason().code(),
        why.detail(),
        text == null && payload != null ? base64(payload) : text,
        payload == null ? null : text == null ? "base64" : "utf-8",
        payload == null ? null : payload.length,
        record.getField(Records.TOPIC),
        record.getField(Records.PARTITION),
        record.getField(Records.OFFSET),
        record.getField(Records.TIME),
        key == null ? null : readable(key));
  }

  private static String base64(byte[] payload) {
    return Base64.getEncoder()
        .encodeToString(Arrays.copyOf(payload, Math.min(payload.length, MAX_PAYLOAD_BYTES)));
  }

  /** For people: bytes that are no UTF-8 are shown as U+FFFD. */
  private static String readable(byte[] key) {
    return new String(key, 0, Math.min(key.length, MAX_KEY_BYTES), StandardCharsets.UTF_8);
  }

  private static @Nullable String utf8(byte[] payload) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
