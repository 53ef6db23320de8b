// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import io.dimstore.spi.Change;
import java.util.Optional;
import org.apache.hadoop.hbase.client.Delete;
import org.apache.hadoop.hbase.client.Put;

/**
 * A change in the form in which it is sent to HBase and Redis.
 *
 * @param change the change
 * @param rowKey its row key in HBase
 * @param state the mutation of HBase: the state cell and the data cells, all with the change's
 *     version as their timestamp
 * @param entry the packed entry for Redis
 */
public record EncodedChange(Change change, byte[] rowKey, Put state, byte[] entry) {

  /** Returns the size of its cells in a request to HBase. */
  public long bytes() {
    return CellSizes.of(state).total();
  }

  /** Returns the size of its largest cell. */
  public long largestCellBytes() {
    return CellSizes.of(state).largest();
  }

  /**
   * Returns the family delete markers that follow a delete; empty for a put. The markers free the
   * space and hide the row from the stock connector. Their version is one below the delete's, so
   * that they do not hide a later put of the delete's own version. Reads of this store do not
   * depend on them.
   */
  public Optional<Delete> markers(Layout layout) {
    return change instanceof io.dimstore.spi.Delete
        ? markers(layout, rowKey, change.version())
        : Optional.empty();
  }

  public static Optional<Delete> markers(Layout layout, byte[] rowKey, long version) {
    if (version == 0 || layout.dataFamilies().length == 0) {
      return Optional.empty();
    }
    Delete delete = new Delete(rowKey);
    for (byte[] family : layout.dataFamilies()) {
      delete.addFamily(family, version - 1);
    }
    return Optional.of(delete);
  }
}
