// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.types.Row;
import org.jspecify.annotations.Nullable;

/**
 * Creates the rows of a dead-letter topic. A row describes why a Kafka record or a row of a sink
 * was refused, the record's content, and its position in the topic.
 *
 * <p>The JSON form of a row stays below the megabyte that brokers accept by default, however large
 * the record was. A dead letter that Kafka refuses would stop the job at every restart.
 *
 * <p>Thread-safe.
 */
public final class DeadLetterRow {

  /**
   * The maximum number of payload bytes in a dead letter. In JSON, a control character takes six
   * bytes.
   */
  public static final int MAX_PAYLOAD_BYTES = 128 * 1024;

  /** The columns in order. {@link #of} describes their contents. */
  public static final TypeInformation<Row> TYPE =
      Types.ROW_NAMED(
          new String[] {
            "reason",
            "detail",
            "payload",
            "payload_encoding",
            "payload_bytes",
            "source_topic",
            "source_partition",
            "source_offset",
            "source_time",
            "source_key"
          },
          Types.STRING,
          Types.STRING,
          Types.STRING,
          Types.STRING,
          Types.INT,
          Types.STRING,
          Types.INT,
          Types.LONG,
          Types.INSTANT,
          Types.STRING);

  private static final int MAX_KEY_BYTES = 4 * 1024;

  private DeadLetterRow() {}

  /** The position of a record; {@code time} is its Kafka timestamp. */
  public record Place(String topic, int partition, long offset, Instant time) {}

  /**
   * Returns a row of {@link #TYPE}.
   *
   * <p>{@code payload} is the record's value as text, with {@code payload_encoding} {@code utf-8}.
   * A value that is not UTF-8, or is longer than {@link #MAX_PAYLOAD_BYTES}, is encoded in {@code
   * base64}, and a longer value is truncated to that length first. {@code payload_bytes} is the
   * original length of the value. All three columns are null if the record has no value. {@code
   * source_key} is a readable form of the key: at most 4 KiB of it, with U+FFFD in place of bytes
   * that are not UTF-8. It is null if the record has no key.
   *
   * @param reason a short code
   * @param detail a short explanation of the reason, at most a few hundred characters
   * @param key the record's key, or null
   * @param payload the record's value, or null
   */
  public static Row of(
      String reason, String detail, byte @Nullable [] key, byte @Nullable [] payload, Place place) {
    String text = payload == null || payload.length > MAX_PAYLOAD_BYTES ? null : utf8(payload);
    return Row.of(
        reason,
        detail,
        text == null && payload != null ? base64(payload) : text,
        payload == null ? null : text == null ? "base64" : "utf-8",
        payload == null ? null : payload.length,
        place.topic(),
        place.partition(),
        place.offset(),
        place.time(),
        key == null ? null : readable(key));
  }

  /**
   * Returns a row of {@link #TYPE} for a row of a table. A table row has no position in a topic, so
   * {@code source_topic}, {@code source_partition} and {@code source_offset} are null.
   *
   * @param key the row's key as text
   * @param row the row as text
   * @param time when the row was refused
   */
  public static Row ofTableRow(String reason, String detail, byte[] key, byte[] row, Instant time) {
    Row letter = of(reason, detail, key, row, new Place("", 0, 0, time));
    for (int place = 5; place < 8; place++) {
      letter.setField(place, null);
    }
    return letter;
  }

  private static String base64(byte[] payload) {
    return Base64.getEncoder()
        .encodeToString(Arrays.copyOf(payload, Math.min(payload.length, MAX_PAYLOAD_BYTES)));
  }

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
