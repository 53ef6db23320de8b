// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.record;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Encodes records as JSON in UTF-8 without blanks. All fields are always present and in one order.
 * Text is escaped only where JSON requires it. Equal records give equal bytes on every machine.
 *
 * <p>Not thread-safe: an encoder reuses one buffer. Text with an unpaired surrogate, which UTF-8
 * cannot encode, fails with {@link IllegalArgumentException}.
 */
public final class JsonEncoder {

  private byte[] buffer = new byte[512];
  private int length;

  /** Returns the bytes of the record's key. */
  public byte[] key(StreamRecord record) {
    return record.key().getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the bytes of the record's value in a new array. */
  public byte[] value(StreamRecord record) {
    encode(record);
    return Arrays.copyOf(buffer, length);
  }

  /** Returns the bytes of a refused line in a new array. */
  public byte[] value(RefusedLine refused) {
    length = 0;
    ascii("{\"line\":").number(refused.line());
    ascii(",\"reason\":").text(refused.reason());
    ascii(",\"raw\":").text(refused.raw()).ascii("}");
    return Arrays.copyOf(buffer, length);
  }

  /**
   * Returns the bytes of the record's value in the encoder's own buffer, valid until the next call.
   */
  public ByteBuffer encode(StreamRecord record) {
    length = 0;
    if (record instanceof Event event) {
      event(event);
    } else if (record instanceof UserChange change) {
      userChange(change);
    } else {
      itemChange((ItemChange) record);
    }
    return ByteBuffer.wrap(buffer, 0, length);
  }

  private void event(Event event) {
    ascii("{\"event_id\":").text(event.eventId());
    ascii(",\"user_id\":").text(event.userId());
    ascii(",\"item_id\":").text(event.itemId());
    ascii(",\"event_type\":\"").ascii(event.type().text());
    ascii("\",\"quantity\":").number(event.quantity());
    ascii(",\"amount\":").number(event.amount());
    ascii(",\"event_time\":\"").time(event.timeMillis()).ascii("\"}");
  }

  private void userChange(UserChange change) {
    ascii("{\"op\":\"").ascii(change.op().text()).ascii("\",\"user_id\":").text(change.userId());
    if (change.op() == ChangeOp.UPSERT) {
      ascii(",\"country\":").text(change.country());
      ascii(",\"level\":").number(change.level());
    }
    ascii(",\"version\":").number(change.version()).ascii("}");
  }

  private void itemChange(ItemChange change) {
    ascii("{\"op\":\"").ascii(change.op().text()).ascii("\",\"item_id\":").text(change.itemId());
    if (change.op() == ChangeOp.UPSERT) {
      ascii(",\"title\":").text(change.title());
      ascii(",\"category\":").text(change.category());
      ascii(",\"list_price\":").number(change.listPrice());
    }
    ascii(",\"version\":").number(change.version()).ascii("}");
  }

  private JsonEncoder number(@Nullable Number value) {
    return ascii(value == null ? "null" : Long.toString(value.longValue()));
  }

  /** Appends text that has no quotes, backslashes, control characters or non-ASCII characters. */
  private JsonEncoder ascii(String plain) {
    int size = plain.length();
    reserve(size);
    for (int i = 0; i < size; i++) {
      buffer[length + i] = (byte) plain.charAt(i);
    }
    length += size;
    return this;
  }

  private JsonEncoder text(@Nullable String value) {
    if (value == null) {
      return ascii("null");
    }
    if (isPlain(value)) {
      return ascii("\"").ascii(value).ascii("\"");
    }
    byte[] quoted = JsonStringEncoder.getInstance().quoteAsUTF8(value);
    ascii("\"");
    reserve(quoted.length);
    System.arraycopy(quoted, 0, buffer, length, quoted.length);
    length += quoted.length;
    return ascii("\"");
  }

  private static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  private JsonEncoder time(long millis) {
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(millis, 1000L), Math.floorMod(millis, 1000) * 1_000_000, ZoneOffset.UTC);
    return digits(time.getYear(), 4)
        .ascii("-")
        .digits(time.getMonthValue(), 2)
        .ascii("-")
        .digits(time.getDayOfMonth(), 2)
        .ascii("T")
        .digits(time.getHour(), 2)
        .ascii(":")
        .digits(time.getMinute(), 2)
        .ascii(":")
        .digits(time.getSecond(), 2)
        .ascii(".")
        .digits(time.getNano() / 1_000_000, 3)
        .ascii("Z");
  }

  private JsonEncoder digits(int value, int width) {
    reserve(width);
    int rest = value;
    for (int i = width - 1; i >= 0; i--) {
      buffer[length + i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += width;
    return this;
  }

  private void reserve(int more) {
    if (length + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
    }
  }
}
