// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A growing byte array with methods to append values. Numbers are big-endian. Not thread-safe. */
public final class ByteSink {

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes;
  private int size;

  public ByteSink(int capacity) {
    this.bytes = new byte[capacity];
  }

  public void i8(int value) {
    room(1);
    bytes[size++] = (byte) value;
  }

  void i16(int value) {
    i8(value >>> 8);
    i8(value);
  }

  public void i32(int value) {
    room(Integer.BYTES);
    INT.set(bytes, size, value);
    size += Integer.BYTES;
  }

  void i64(long value) {
    room(Long.BYTES);
    LONG.set(bytes, size, value);
    size += Long.BYTES;
  }

  /**
   * Appends a length: seven bits per byte, lowest first, with the high bit set on all bytes but the
   * last.
   */
  public void length(int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      i8((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    i8(rest);
  }

  void raw(byte[] value) {
    room(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
  }

  /** Appends the length of some bytes, and the bytes. */
  public void block(byte[] value) {
    length(value.length);
    raw(value);
  }

  /** Appends bytes of value 0 and returns the position of the first, for {@link #setBit}. */
  int skip(int count) {
    room(count);
    int at = size;
    Arrays.fill(bytes, size, size + count, (byte) 0);
    size += count;
    return at;
  }

  void setBit(int at, int bit) {
    bytes[at + (bit >>> 3)] |= (byte) (1 << (bit & 7));
  }

  public byte[] toBytes() {
    return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
  }

  private void room(int count) {
    if (size + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + count, bytes.length * 2));
    }
  }
}
