// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.spi.Projection;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.support.TokenReader;
import io.dimstore.spi.support.TokenWriter;

/**
 * A split of a scan: the range of row keys that is still to be read, and what to read in it.
 *
 * @param table the {@link Layout#declaration} of the dimension table
 * @param shape the {@link Layout#shape} of the table when the split was made
 * @param start the row key at which to continue
 * @param startInclusive whether that row itself is still to be read
 * @param end the end of the range, exclusive; empty for the end of the table
 * @param from the lower bound of the keys, inclusive, as {@code RowKeys.order} encodes it; empty
 *     for none
 * @param to the upper bound of the keys, exclusive, in the same encoding; empty for none
 * @param tombstones whether tombstones are read too
 * @param columns the columns to read
 */
public record SplitToken(
    String table,
    int shape,
    byte[] start,
    boolean startInclusive,
    byte[] end,
    byte[] from,
    byte[] to,
    boolean tombstones,
    Projection columns) {

  private static final String FORMAT = "hbase-redis/3";
  private static final int PARTS = 9;

  public SplitToken after(byte[] row) {
    return new SplitToken(table, shape, row, false, end, from, to, tombstones, columns);
  }

  SplitToken within(byte[] newStart, byte[] newEnd) {
    return new SplitToken(table, shape, newStart, true, newEnd, from, to, tombstones, columns);
  }

  public ScanSplit toSplit() {
    return new TokenWriter(FORMAT)
        .text(table)
        .number(shape)
        .bytes(start)
        .flag(startInclusive)
        .bytes(end)
        .bytes(from)
        .bytes(to)
        .flag(tombstones)
        .columns(columns)
        .split();
  }

  /**
   * Decodes a split of a table. If the table was dropped and created again under its name, that is
   * not detected: HBase identifies tables only by name.
   *
   * @throws StoreException INVALID if the text is not a split of this table, or the table is
   *     declared with other columns or another key now
   */
  public static SplitToken parse(ScanSplit split, Layout layout) {
    TokenReader token = new TokenReader(split, FORMAT, PARTS);
    String table = token.text();
    if (!table.equals(layout.declaration())) {
      throw token.refused("it is not a split of table " + layout.declaration());
    }
    int shape = token.number();
    if (shape != layout.shape()) {
      throw token.refused(
          "table "
              + table
              + " had other columns or another key when it was made; start the scan again");
    }
    return new SplitToken(
        table,
        shape,
        token.bytes(),
        token.flag(),
        token.bytes(),
        token.bytes(),
        token.bytes(),
        token.flag(),
        token.columns(Integer.MAX_VALUE));
  }
}
