// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import java.util.Arrays;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Maps one value column to the HBase cell that holds it, and to its encodings.
 *
 * @param index the column's position among the value columns
 * @param column the column
 * @param family the cell's family
 * @param qualifier the cell's qualifier
 * @param cellName {@code family:qualifier}, as state cells name the cell
 * @param cell the encoding in the cell
 * @param packed the encoding in packed entries of Redis
 * @param nullBytes the bytes of the cell for null
 */
public record ColumnMapping(
    int index,
    Column column,
    byte[] family,
    byte[] qualifier,
    byte[] cellName,
    CellCodec cell,
    PackedCodec packed,
    byte[] nullBytes) {

  private static final byte[] EMPTY = {};

  static ColumnMapping of(
      int index, Column column, String family, String qualifier, String nullLiteral) {
    return new ColumnMapping(
        index,
        column,
        Utf8.encode(family),
        Utf8.encode(qualifier),
        Utf8.encode(family + ":" + qualifier),
        CellCodec.of(column.type()),
        PackedCodec.of(column.type()),
        column.type() instanceof DataType.Text ? Utf8.encode(nullLiteral) : EMPTY);
  }

  /**
   * Returns the cell's bytes. Throws {@link ArithmeticException} if the encoding cannot hold the
   * value.
   */
  byte[] encode(@Nullable Object value) {
    return value == null ? nullBytes : cell.encode().apply(value);
  }

  /** Whether a cell belongs to this column. */
  public boolean isOf(Cell cell) {
    return isOf(cell, family, qualifier);
  }

  /**
   * Whether a cell has this family and qualifier. For short names this is faster than HBase's own
   * comparison.
   */
  public static boolean isOf(Cell cell, byte[] family, byte[] qualifier) {
    int length = cell.getQualifierLength();
    if (length != qualifier.length || cell.getFamilyLength() != family.length) {
      return false;
    }
    int at = cell.getQualifierOffset();
    int familyAt = cell.getFamilyOffset();
    return Arrays.equals(cell.getQualifierArray(), at, at + length, qualifier, 0, length)
        && Arrays.equals(
            cell.getFamilyArray(), familyAt, familyAt + family.length, family, 0, family.length);
  }

  /** Whether the stock connector reads these bytes as null. */
  public boolean looksNull(byte[] bytes, int offset, int length) {
    return Arrays.equals(bytes, offset, offset + length, nullBytes, 0, nullBytes.length);
  }

  /** Whether a value other than null may be encoded as zero bytes. */
  public boolean holdsEmpty() {
    return column.type() instanceof DataType.Text || column.type() instanceof DataType.Binary;
  }

  /** Compares two cells by their order in an HBase row. */
  int compareCell(ColumnMapping other) {
    int families = Bytes.compareTo(family, other.family);
    return families != 0 ? families : Bytes.compareTo(qualifier, other.qualifier);
  }
}
