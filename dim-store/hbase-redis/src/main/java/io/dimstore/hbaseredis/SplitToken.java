package io.dimstore.hbaseredis;

import io.dimstore.spi.Projection;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A range of row keys, what to read in it, and where to go on.
 *
 * @param table the declaration of the dimension table that it was made for
 * @param shape of that table's layout
 * @param start the first row key
 * @param startInclusive whether that row itself is still to be read
 * @param end the end of the range, exclusive; empty for the end of the table
 * @param from bytes of the first key in key order, inclusive; empty for none
 * @param to bytes of the end of the keys, exclusive; empty for none
 * @param tombstones whether tombstones are read too
 * @param columns the columns to read
 */
record SplitToken(
    String table,
    int shape,
    byte[] start,
    boolean startInclusive,
    byte[] end,
    byte[] from,
    byte[] to,
    boolean tombstones,
    Projection columns) {

  private static final String PREFIX = "hbase-redis/2/";

  SplitToken after(byte[] row) {
    return new SplitToken(table, shape, row, false, end, from, to, tombstones, columns);
  }

  SplitToken within(byte[] newStart, byte[] newEnd) {
    return new SplitToken(table, shape, newStart, true, newEnd, from, to, tombstones, columns);
  }

  ScanSplit toSplit() {
    ByteSink out = new ByteSink(64);
    out.block(Utf8.encode(table));
    out.i32(shape);
    out.block(start);
    out.i8(startInclusive ? 1 : 0);
    out.block(end);
    out.block(from);
    out.block(to);
    out.i8(tombstones ? 1 : 0);
    out.length(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      out.length(columns.index(i));
    }
    return new ScanSplit(
        PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(out.toBytes()));
  }

  /**
   * Reads a split of a table. A table that was dropped and created anew under its name is not told
   * apart from the former one: HBase gives a table no identity but its name.
   *
   * @throws StoreException INVALID for what is no split of this table as it is declared
   */
  static SplitToken parse(ScanSplit split, Layout layout) {
    SplitToken token = split.token().startsWith(PREFIX) ? read(split.token()) : null;
    if (token == null || !token.table.equals(layout.declaration())) {
      throw StoreException.invalid(
          "'" + split.token() + "' is no split of table " + layout.declaration());
    }
    if (token.shape != layout.shape()) {
      throw StoreException.invalid(
          "'"
              + split.token()
              + "' is a split of table "
              + layout.declaration()
              + " with other columns or another key; begin the scan anew");
    }
    return token;
  }

  private static @Nullable SplitToken read(String text) {
    try {
      ByteSource in =
          new ByteSource(Base64.getUrlDecoder().decode(text.substring(PREFIX.length())));
      String table = text(in);
      int shape = in.i32();
      byte[] start = in.block();
      boolean inclusive = in.i8() == 1;
      byte[] end = in.block();
      byte[] from = in.block();
      byte[] to = in.block();
      boolean tombstones = in.i8() == 1;
      int[] columns = new int[in.length()];
      for (int i = 0; i < columns.length; i++) {
        columns[i] = in.length();
      }
      return in.remaining() > 0
          ? null
          : new SplitToken(
              table, shape, start, inclusive, end, from, to, tombstones, Projection.of(columns));
    } catch (RuntimeException e) {
      return null;
    }
  }

  private static String text(ByteSource in) {
    byte[] bytes = in.block();
    return Utf8.decode(bytes, 0, bytes.length);
  }
}
