// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.write;

import io.dimstore.hbaseredis.internal.encoding.EncodedChange;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.hbase.WriteIntents;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import java.util.ArrayList;
import java.util.List;

/**
 * The size of the largest cell that the HBase client sends ({@code hbase.client.keyvalue.maxsize}).
 *
 * @param bytes 0 or less for no limit
 */
public record CellLimit(int bytes) {

  /**
   * Checks the cells of these rows and of their write intents before anything is sent.
   *
   * @throws StoreException INVALID, naming the key of each row with a larger cell (R11c)
   */
  void check(List<EncodedChange> rows, Layout layout, WriteIntents intents) {
    if (bytes <= 0) {
      return;
    }
    List<Key> refused = new ArrayList<>(0);
    long first = 0;
    for (EncodedChange row : rows) {
      long largest = row.largestCellBytes();
      if (largest <= bytes && row.rowKey().length > bytes / 2) {
        largest = intents.largestCellBytes(layout.declaration(), row.rowKey());
      }
      if (largest > bytes) {
        first = refused.isEmpty() ? largest : first;
        refused.add(row.change().key());
      }
    }
    if (!refused.isEmpty()) {
      throw StoreException.invalid(
          "HBase: key "
              + refused.get(0)
              + " has a cell of "
              + first
              + " bytes; option 'hbase.client.keyvalue.maxsize' allows "
              + bytes,
          refused);
    }
  }
}
