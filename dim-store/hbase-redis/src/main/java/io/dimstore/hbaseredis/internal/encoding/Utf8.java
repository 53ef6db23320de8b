// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Encodes and decodes UTF-8. Malformed bytes are refused, not replaced. */
public final class Utf8 {

  private Utf8() {}

  public static byte[] encode(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public static String decode(byte[] bytes, int offset, int length) {
    String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
    // A replacement character may come from malformed bytes or from the text itself. Only if there
    // is one, decode again strictly.
    if (text.indexOf('\ufffd') >= 0) {
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, offset, length));
      } catch (CharacterCodingException e) {
        throw new IllegalArgumentException("not UTF-8", e);
      }
    }
    return text;
  }
}
