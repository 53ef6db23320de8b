// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import io.dimstore.spi.StoreException;
import java.util.List;

/** Reads the current state of rows of one HBase table. Thread-safe. */
interface SourceRows {

  /**
   * Reads rows, in the order of the request. Each row is read as a whole at one moment between the
   * begin and the end of the call.
   *
   * @throws StoreException if HBase does not answer
   */
  List<CurrentRow> read(List<ChangedRow> rows) throws InterruptedException;
}
