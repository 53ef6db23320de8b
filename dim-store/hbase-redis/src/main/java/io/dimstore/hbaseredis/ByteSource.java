package io.dimstore.hbaseredis;

import java.nio.ByteBuffer;

/** Reads what {@link ByteSink} writes. Fails with a {@link RuntimeException} on other bytes. */
final class ByteSource {

  private final byte[] bytes;
  private final ByteBuffer in;

  ByteSource(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.in = ByteBuffer.wrap(bytes, offset, length);
  }

  ByteSource(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  byte i8() {
    return in.get();
  }

  short i16() {
    return in.getShort();
  }

  int i32() {
    return in.getInt();
  }

  long i64() {
    return in.getLong();
  }

  int length() {
    int value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      byte b = in.get();
      value |= (b & 0x7f) << shift;
      if (b >= 0) {
        if (value < 0) {
          break;
        }
        return value;
      }
    }
    throw new IllegalArgumentException("no length");
  }

  byte[] raw(int count) {
    if (count > in.remaining()) {
      throw new IllegalArgumentException("a length beyond the end");
    }
    byte[] value = new byte[count];
    in.get(value);
    return value;
  }

  byte[] block() {
    return raw(length());
  }

  /** The array that is read from, for decoders that need no copy. */
  byte[] array() {
    return bytes;
  }

  int position() {
    return in.position();
  }

  /** Goes ahead and returns where it was. */
  int skip(int count) {
    int at = in.position();
    in.position(at + count);
    return at;
  }

  boolean bit(int at, int bit) {
    return (bytes[at + (bit >>> 3)] & 1 << (bit & 7)) != 0;
  }

  int remaining() {
    return in.remaining();
  }
}
