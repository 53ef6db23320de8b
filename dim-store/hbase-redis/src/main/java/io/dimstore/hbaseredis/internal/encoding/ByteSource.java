// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads values in the order in which {@link ByteSink} wrote them. Other bytes may cause a {@link
 * RuntimeException}. Not thread-safe.
 */
public final class ByteSource {

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] bytes;
  private final int end;
  private int at;

  public ByteSource(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.at = offset;
    this.end = offset + length;
  }

  public ByteSource(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  public byte i8() {
    return bytes[skip(1)];
  }

  short i16() {
    return (short) SHORT.get(bytes, skip(Short.BYTES));
  }

  public int i32() {
    return (int) INT.get(bytes, skip(Integer.BYTES));
  }

  long i64() {
    return (long) LONG.get(bytes, skip(Long.BYTES));
  }

  public int length() {
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
    throw new IllegalArgumentException("not a length");
  }

  byte[] raw(int count) {
    int from = skip(count);
    return Arrays.copyOfRange(bytes, from, from + count);
  }

  public byte[] block() {
    return raw(length());
  }

  /** Returns the underlying array, not a copy. */
  byte[] array() {
    return bytes;
  }

  int position() {
    return at;
  }

  /** Advances by some bytes and returns the position before them. */
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

  public int remaining() {
    return end - at;
  }
}
