package io.dimstore.hbaseredis;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import java.util.Arrays;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * One value column and the cell that holds it.
 *
 * @param index the column's position among the value columns
 * @param column the column
 * @param family the cell's family
 * @param qualifier the cell's qualifier
 * @param cellName family, colon, qualifier: the cell's name in a state cell
 * @param cell the cell's encoding
 * @param packed the encoding in Redis
 * @param nullBytes what the cell holds for null
 */
record Slot(
    int index,
    Column column,
    byte[] family,
    byte[] qualifier,
    byte[] cellName,
    CellCodec cell,
    PackedCodec packed,
    byte[] nullBytes) {

  private static final byte[] EMPTY = {};

  static Slot of(int index, Column column, String family, String qualifier, String nullLiteral) {
    return new Slot(
        index,
        column,
        Utf8.encode(family),
        Utf8.encode(qualifier),
        Utf8.encode(family + ":" + qualifier),
        CellCodec.of(column.type()),
        PackedCodec.of(column.type()),
        column.type() instanceof DataType.Text ? Utf8.encode(nullLiteral) : EMPTY);
  }

  /** The cell's bytes; {@link ArithmeticException} where the encoding cannot hold the value. */
  byte[] encode(@Nullable Object value) {
    return value == null ? nullBytes : cell.encode().apply(value);
  }

  /** Whether a cell is of this column. */
  boolean isOf(Cell cell) {
    return isOf(cell, family, qualifier);
  }

  /** Whether a cell is of a family and qualifier; shorter than HBase's own way for short names. */
  static boolean isOf(Cell cell, byte[] family, byte[] qualifier) {
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
  boolean looksNull(byte[] bytes, int offset, int length) {
    return Arrays.equals(bytes, offset, offset + length, nullBytes, 0, nullBytes.length);
  }

  /** Whether a value that is not null can have no bytes. */
  boolean holdsEmpty() {
    return column.type() instanceof DataType.Text || column.type() instanceof DataType.Binary;
  }

  /** The order of cells in a row of HBase. */
  int compareCell(Slot other) {
    int families = Bytes.compareTo(family, other.family);
    return families != 0 ? families : Bytes.compareTo(qualifier, other.qualifier);
  }
}
