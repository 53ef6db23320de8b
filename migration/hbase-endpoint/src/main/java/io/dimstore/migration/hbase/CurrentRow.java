// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import io.dimstore.spi.Put;

/** What HBase shows for one row at the moment of reading. */
sealed interface CurrentRow {

  /** HBase shows this row. */
  record Present(Put put) implements CurrentRow {}

  /**
   * HBase shows no row: it was deleted, has expired, or never had a declared column.
   *
   * @param version the version of the deletion, or {@link #UNKNOWN}
   */
  record Absent(long version) implements CurrentRow {
    /** HBase keeps no trace of a deletion. */
    static final long UNKNOWN = -1;
  }

  /**
   * The row cannot be decoded as the declared columns.
   *
   * @param reason why
   */
  record Unreadable(String reason) implements CurrentRow {}
}
