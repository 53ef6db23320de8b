// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.replay;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Splits a stream into lines by line feed. A carriage return before the line feed is part of the
 * line end. The reader works on bytes, so a line that is not UTF-8 or is too long does not affect
 * the lines after it.
 */
final class LineReader implements Closeable {

  /** Maximum number of bytes kept of a line. */
  static final int MAX_BYTES = 65_536;

  /**
   * A line.
   *
   * @param problem the reason why the line is not valid text, or null if it is
   */
  record Line(String text, @Nullable String problem) {}

  private final InputStream in;
  private final byte[] chunk = new byte[64 * 1024];
  private int position;
  private int end;
  private byte[] line = new byte[1024];
  private int length;
  private boolean tooLong;

  LineReader(InputStream in) {
    this.in = in;
  }

  /** Returns the next line, or null at the end of the stream. */
  @Nullable Line next() throws IOException {
    length = 0;
    tooLong = false;
    boolean any = false;
    while (fill()) {
      any = true;
      int from = position;
      while (position < end && chunk[position] != '\n') {
        position++;
      }
      append(from, position);
      if (position < end) {
        position++;
        return line();
      }
    }
    return any ? line() : null;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private boolean fill() throws IOException {
    if (position < end) {
      return true;
    }
    position = 0;
    end = Math.max(0, in.read(chunk, 0, chunk.length));
    return end > 0;
  }

  private void append(int from, int to) {
    int size = Math.min(to - from, MAX_BYTES - length);
    tooLong |= size < to - from;
    if (length + size > line.length) {
      line = Arrays.copyOf(line, Math.max(2 * line.length, length + size));
    }
    System.arraycopy(chunk, from, line, length, size);
    length += size;
  }

  private Line line() {
    if (!tooLong && length > 0 && line[length - 1] == '\r') {
      length--;
    }
    String text = new String(line, 0, length, StandardCharsets.UTF_8);
    if (tooLong) {
      return new Line(text, Refusal.LINE_TOO_LONG);
    }
    if (text.indexOf('\uFFFD') >= 0 && !isUtf8()) {
      String latin1 = new String(line, 0, length, StandardCharsets.ISO_8859_1);
      return new Line(latin1, Refusal.NOT_UTF_8);
    }
    return new Line(text, null);
  }

  private boolean isUtf8() {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line, 0, length));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
