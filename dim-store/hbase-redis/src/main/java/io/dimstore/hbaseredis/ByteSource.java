package io.dimstore.hbaseredis;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Reads what {@link ByteSink} writes. Fails with a {@link RuntimeException} on other bytes. */
final class ByteSource {

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] bytes;
  private final int end;
  private int at;

  ByteSource(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.at = offset;
    this.end = offset + length;
  }

  ByteSource(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  byte i8() {
    return bytes[skip(1)];
  }

  short i16() {
    return (short) SHORT.get(bytes, skip(Short.BYTES));
  }

  int i32() {
    return (int) INT.get(bytes, skip(Integer.BYTES));
  }

  long i64() {
    return (long) LONG.get(bytes, skip(Long.BYTES));
  }

  int length() {
    int value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      byte b = i8();
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
    int from = skip(count);
    return Arrays.copyOfRange(bytes, from, from + count);
  }

  byte[] block() {
    return raw(length());
  }

  /** The array that is read from, for decoders that need no copy. */
  byte[] array() {
    return bytes;
  }

  int position() {
    return at;
  }

  /** Goes ahead and returns where it was. */
  int skip(int count) {
    int from = at;
    if (count < 0 || count > end - from) {
      throw new IllegalArgumentException("a length beyond the end");
    }
    at = from + count;
    return from;
  }

  boolean bit(int from, int bit) {
    return (bytes[from + (bit >>> 3)] & 1 << (bit & 7)) != 0;
  }

  int remaining() {
    return end - at;
  }
}
