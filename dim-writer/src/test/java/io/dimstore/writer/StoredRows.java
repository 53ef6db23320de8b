package io.dimstore.writer;

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

/** What a store holds for a dimension, read around Flink. */
final class StoredRows {

  private StoredRows() {}

  /** A row with the version that it stands at. */
  record Versioned(Row row, long version) {

    static Versioned of(long version, Object... values) {
      return new Versioned(Row.of(values), version);
    }
  }

  /** The present rows of the dimension's own table, by key. */
  static Map<String, Versioned> of(String store, Map<String, String> options, Dimension dimension)
      throws Exception {
    return of(store, options, WriterOptions.Route.of(dimension));
  }

  /** The present rows of a table, by key. */
  static Map<String, Versioned> of(
      String store, Map<String, String> options, WriterOptions.Route route) throws Exception {
    StoreTable table = StoreTable.of(store, options, route);
    Map<String, Versioned> rows = new TreeMap<>();
    try (DimensionStore open = table.open()) {
      DimensionTable handle = open.table(table.spec());
      ScanOptions all = ScanOptions.rows(table.spec().all());
      for (ScanSplit split : Preflight.await(handle.splits(1, all))) {
        ScanSplit rest = split;
        while (rest != null) {
          ScanPage page = Preflight.await(handle.scan(rest, 1000)).requireReadable();
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
