package io.dimstore.hbaseredis;

import io.dimstore.spi.Change;
import java.util.Optional;
import org.apache.hadoop.hbase.client.Delete;
import org.apache.hadoop.hbase.client.Put;

/**
 * A change as it is sent.
 *
 * @param change the change
 * @param rowKey its row key
 * @param state the mutation that decides: state cell and data cells, all at the change's version
 * @param entry what Redis is to hold
 */
record Prepared(Change change, byte[] rowKey, Put state, byte[] entry) {

  /**
   * The delete markers that follow a delete: they free the space and hide the row from the stock
   * connector. One version lower, so that they hide no later put of the delete's own version; our
   * own reads never depend on them.
   */
  Optional<Delete> markers(Layout layout) {
    return change instanceof io.dimstore.spi.Delete
        ? markers(layout, rowKey, change.version())
        : Optional.empty();
  }

  static Optional<Delete> markers(Layout layout, byte[] rowKey, long version) {
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
