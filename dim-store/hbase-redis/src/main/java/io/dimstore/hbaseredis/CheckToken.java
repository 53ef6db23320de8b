package io.dimstore.hbaseredis;

import io.dimstore.spi.ScanSplit;

/** A part of a check: rows of HBase, or what is in Redis. */
sealed interface CheckToken {

  /** A range of rows. */
  record Rows(SplitToken range) implements CheckToken {}

  /**
   * The entries that are left.
   *
   * @param table the table whose entries they are
   * @param cursor where Redis goes on
   */
  record Entries(String table, String cursor) implements CheckToken {

    ScanSplit toSplit() {
      return new ScanSplit(ENTRIES + table + "/" + cursor);
    }
  }

  /** What the splits of entries begin with. */
  String ENTRIES = "hbase-redis/2/entries/";

  /**
   * Reads a split of a table.
   *
   * @throws io.dimstore.spi.StoreException INVALID for what is no split of a check of this table
   */
  static CheckToken parse(ScanSplit split, Layout layout) {
    String declaration = layout.declaration();
    String begin = ENTRIES + declaration + "/";
    String cursor = split.token().startsWith(begin) ? split.token().substring(begin.length()) : "";
    if (cursor.matches(RedisServers.CURSORS)) {
      return new Entries(declaration, cursor);
    }
    return new Rows(SplitToken.parse(split, layout));
  }
}
