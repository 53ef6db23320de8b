// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import io.dimstore.spi.Versions;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.CellUtil;
import org.apache.hadoop.hbase.util.Bytes;

/**
 * Collects the rows of one table that entries of the write-ahead log change, each row once. Not
 * thread-safe.
 */
final class LogChanges {

  /**
   * What the log says about a row.
   *
   * @param floor one above the newest delete marker, or 0
   * @param writtenAt when the newest of the entries was written, in epoch milliseconds
   * @param byDimstore whether the log has a state cell of the row
   */
  record Mark(long floor, long writtenAt, boolean byDimstore) {

    Mark with(Mark other) {
      return new Mark(
          Math.max(floor, other.floor),
          Math.max(writtenAt, other.writtenAt),
          byDimstore || other.byDimstore);
    }
  }

  private final Map<byte[], Mark> rows = new TreeMap<>(Bytes.BYTES_COMPARATOR);

  /**
   * Adds a cell of the log. Increments and appends are in the log as the puts of their results.
   *
   * @param isState whether the cell is in the family of state cells
   */
  void add(Cell cell, boolean isState, long writtenAt) {
    long floor = CellUtil.isDelete(cell) ? above(cell.getTimestamp()) : 0;
    add(CellUtil.cloneRow(cell), new Mark(floor, writtenAt, isState && floor == 0));
  }

  void add(byte[] rowKey, Mark mark) {
    rows.merge(rowKey, mark, Mark::with);
  }

  Map<byte[], Mark> rows() {
    return rows;
  }

  private static long above(long timestamp) {
    return timestamp >= Versions.MAX ? Versions.MAX : timestamp + 1;
  }
}
