// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support.ordered;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a row: for each column of the table, in order, the length of its value as a 32-bit
 * number and its bytes, or -1 for null.
 */
final class RowBytes {

  private static final int NULL = -1;

  private RowBytes() {}

  static byte[] encode(List<byte @Nullable []> cells) {
    int size = 0;
    for (byte[] cell : cells) {
      size += Integer.BYTES + (cell == null ? 0 : cell.length);
    }
    ByteBuffer bytes = ByteBuffer.allocate(size);
    for (byte[] cell : cells) {
      bytes.putInt(cell == null ? NULL : cell.length);
      if (cell != null) {
        bytes.put(cell);
      }
    }
    return bytes.array();
  }

  /**
   * Returns the values of a row.
   *
   * @param columns number of columns of the table
   * @throws IllegalArgumentException if these are not the bytes of a row with so many columns
   */
  static List<byte @Nullable []> decode(byte[] row, int columns) {
    List<byte @Nullable []> cells = new ArrayList<>(columns);
    ByteBuffer bytes = ByteBuffer.wrap(row);
    while (bytes.remaining() >= Integer.BYTES) {
      int length = bytes.getInt();
      if (length < NULL || length > bytes.remaining()) {
        throw new IllegalArgumentException("a value of " + length + " bytes");
      }
      byte[] cell = length == NULL ? null : new byte[length];
      if (cell != null) {
        bytes.get(cell);
      }
      cells.add(cell);
    }
    if (bytes.hasRemaining() || cells.size() != columns) {
      throw new IllegalArgumentException(cells.size() + " values for " + columns + " columns");
    }
    return cells;
  }
}
