// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.repair;

import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.hbase.SplitToken;
import io.dimstore.hbaseredis.internal.redis.RedisServers;
import io.dimstore.spi.ScanSplit;

/** A split of a check: a range of rows in HBase, or the entries in Redis. */
public sealed interface CheckToken {

  /** A range of rows in HBase. */
  record Rows(SplitToken range) implements CheckToken {}

  /**
   * The entries in Redis that are still to be checked.
   *
   * @param table the declaration of the table whose entries they are
   * @param cursor the cursor at which the scan of Redis continues
   */
  record Entries(String table, String cursor) implements CheckToken {

    public ScanSplit toSplit() {
      return new ScanSplit(ENTRIES + table + "/" + cursor);
    }
  }

  /** The prefix of the splits of entries. */
  String ENTRIES = "hbase-redis/2/entries/";

  /**
   * Decodes a split of a table.
   *
   * @throws io.dimstore.spi.StoreException INVALID if the text is not a split of a check of this
   *     table
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
