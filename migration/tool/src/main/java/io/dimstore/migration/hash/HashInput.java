// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hash;

import java.util.Arrays;

/**
 * Collects the bytes of one row that are hashed. Its array is used again for the next row. Numbers
 * are big-endian.
 */
final class HashInput {

  private byte[] bytes = new byte[256];
  private int size;

  void reset() {
    size = 0;
  }

  int size() {
    return size;
  }

  byte[] array() {
    return bytes;
  }

  void put(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  void putInt(int value) {
    number(value, Integer.BYTES);
  }

  void putLong(long value) {
    number(value, Long.BYTES);
  }

  void number(long value, int width) {
    reserve(width);
    for (int shift = (width - 1) * 8; shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
  }

  /** Adds the number of bytes as 32 bits, and then the bytes. */
  void putBlock(byte[] block) {
    putInt(block.length);
    reserve(block.length);
    System.arraycopy(block, 0, bytes, size, block.length);
    size += block.length;
  }

  /** Removes and returns the bytes from a position on. */
  byte[] cut(int from) {
    byte[] block = Arrays.copyOfRange(bytes, from, size);
    size = from;
    return block;
  }

  void putAll(byte[] block) {
    reserve(block.length);
    System.arraycopy(block, 0, bytes, size, block.length);
    size += block.length;
  }

  private void reserve(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
