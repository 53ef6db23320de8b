// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import java.util.List;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.client.Mutation;

/**
 * The sizes, in bytes, of the cells of a mutation in a request to HBase.
 *
 * @param total the size of all cells
 * @param largest the size of the largest cell
 */
public record CellSizes(long total, long largest) {

  public static CellSizes of(Mutation mutation) {
    long total = 0;
    long largest = 0;
    for (List<Cell> cells : mutation.getFamilyCellMap().values()) {
      for (Cell cell : cells) {
        total += cell.getSerializedSize();
        largest = Math.max(largest, cell.getSerializedSize());
      }
    }
    return new CellSizes(total, largest);
  }
}
