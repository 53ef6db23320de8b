// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.jobs.StoreCalls;
import io.dimstore.jobs.sql.Dimension;
import io.dimstore.jobs.sql.StoreTable;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import java.util.Map;
import java.util.TreeMap;

/** Reads the stored rows of a dimension without Flink. */
final class StoredRows {

  private StoredRows() {}

  /** A row and its version. */
  record Versioned(Row row, long version) {

    static Versioned of(long version, Object... values) {
      return new Versioned(Row.of(values), version);
    }
  }

  /** Returns the present rows of the dimension's default table, by key. */
  static Map<String, Versioned> of(String store, Map<String, String> options, Dimension dimension)
      throws Exception {
    return of(store, options, WriterOptions.Route.of(dimension));
  }

  /** Returns the present rows of a table, by key. */
  static Map<String, Versioned> of(
      String store, Map<String, String> options, WriterOptions.Route route) throws Exception {
    StoreTable table = route.in(store, options);
    Map<String, Versioned> rows = new TreeMap<>();
    try (DimensionStore open = table.open()) {
      DimensionTable handle = open.table(table.spec());
      ScanOptions all = ScanOptions.rows(table.spec().all());
      for (ScanSplit split : StoreCalls.await(handle.splits(1, all))) {
        ScanSplit rest = split;
        while (rest != null) {
          ScanPage page = StoreCalls.await(handle.scan(rest, 1000)).requireReadable();
          for (Change change : page.changes()) {
            Put put = (Put) change;
            rows.put((String) put.key().get(0), new Versioned(put.row(), put.version()));
          }
          rest = page.remaining();
        }
      }
    }
    return rows;
  }
}
