// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.repair;

import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.hbase.SplitToken;
import io.dimstore.hbaseredis.internal.redis.RedisServers;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.support.TokenReader;
import io.dimstore.spi.support.TokenWriter;

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
      return new TokenWriter(ENTRIES).text(table).text(cursor).split();
    }
  }

  /** The format of the splits of entries. */
  String ENTRIES = "hbase-redis/entries/1";

  /**
   * Decodes a split of a table.
   *
   * @throws io.dimstore.spi.StoreException INVALID if the text is not a split of a check of this
   *     table
   */
  static CheckToken parse(ScanSplit split, Layout layout) {
    if (!split.token().startsWith(ENTRIES + "/")) {
      return new Rows(SplitToken.parse(split, layout));
    }
    TokenReader token = new TokenReader(split, ENTRIES, 2);
    String table = token.text();
    if (!table.equals(layout.declaration())) {
      throw token.refused("it is not a split of table " + layout.declaration());
    }
    String cursor = token.text();
    if (!cursor.matches(RedisServers.CURSORS)) {
      throw token.refused("'" + cursor + "' is not a cursor");
    }
    return new Entries(table, cursor);
  }
}
