// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.record;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.ByteBuffer;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A buffer to which JSON is written in UTF-8, value by value. Text is escaped only where JSON
 * requires it. The caller writes names, commas and braces with {@link #ascii}; the buffer does not
 * check them.
 *
 * <p>Not thread-safe. Text with an unpaired surrogate, which UTF-8 cannot encode, fails with {@link
 * IllegalArgumentException}.
 */
public final class JsonBuffer {

  private byte[] bytes = new byte[512];
  private int length;

  /** Creates an empty buffer. */
  public JsonBuffer() {}

  /** Removes what was written. */
  public JsonBuffer clear() {
    length = 0;
    return this;
  }

  /** Returns what was written in a new array. */
  public byte[] copy() {
    return Arrays.copyOf(bytes, length);
  }

  /** Returns what was written in the buffer's own array, valid until the next call. */
  ByteBuffer view() {
    return ByteBuffer.wrap(bytes, 0, length);
  }

  /** Appends a whole number, or {@code null}. */
  public JsonBuffer number(@Nullable Number value) {
    return value == null ? ascii("null") : number(value.longValue());
  }

  /** Appends a whole number. */
  public JsonBuffer number(long value) {
    if (value < 0) {
      return ascii(Long.toString(value));
    }
    int width = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      width++;
    }
    return digits(value, width);
  }

  /** Appends {@code true} or {@code false}. */
  public JsonBuffer bool(boolean value) {
    return ascii(value ? "true" : "false");
  }

  /**
   * Appends text as it is. It must have no quotes, backslashes, control characters or non-ASCII
   * characters that JSON does not allow at this place.
   */
  public JsonBuffer ascii(String plain) {
    int size = plain.length();
    reserve(size);
    for (int i = 0; i < size; i++) {
      bytes[length + i] = (byte) plain.charAt(i);
    }
    length += size;
    return this;
  }

  /** Appends a text in quotes, escaped, or {@code null}. */
  public JsonBuffer text(@Nullable String value) {
    if (value == null) {
      return ascii("null");
    }
    if (isPlain(value)) {
      return ascii("\"").ascii(value).ascii("\"");
    }
    byte[] quoted = JsonStringEncoder.getInstance().quoteAsUTF8(value);
    ascii("\"");
    reserve(quoted.length);
    System.arraycopy(quoted, 0, bytes, length, quoted.length);
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

  /** Appends an instant in quotes with three digits of milliseconds, as the event topic has it. */
  public JsonBuffer time(long millis) {
    return ascii("\"")
        .seconds(millis)
        .ascii(".")
        .digits(Math.floorMod(millis, 1000), 3)
        .ascii("Z\"");
  }

  /**
   * Appends an instant in quotes as Flink's JSON format writes it: without trailing zeros of the
   * fraction, and without the fraction if it is 0.
   */
  public JsonBuffer shortTime(long millis) {
    ascii("\"").seconds(millis);
    int fraction = Math.floorMod(millis, 1000);
    if (fraction != 0) {
      int width = 3;
      while (fraction % 10 == 0) {
        fraction /= 10;
        width--;
      }
      ascii(".").digits(fraction, width);
    }
    return ascii("Z\"");
  }

  private JsonBuffer seconds(long millis) {
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(Math.floorDiv(millis, 1000L), 0, ZoneOffset.UTC);
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
        .digits(time.getSecond(), 2);
  }

  private JsonBuffer digits(long value, int width) {
    reserve(width);
    long rest = value;
    for (int i = width - 1; i >= 0; i--) {
      bytes[length + i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += width;
    return this;
  }

  private void reserve(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
