// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import io.dimstore.spi.KeyCodec;
import io.dimstore.spi.Projection;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A range of encoded keys that a scan still has to read, with the columns to read and whether to
 * return tombstones. Its text form is the token of a split: {@code
 * store/1/table/columns/tombstones/from/to}, as {@link TokenWriter} writes it. For stores that can
 * read their rows in the order of {@link KeyCodec}.
 *
 * @param store the store's id
 * @param table the table's name
 * @param from inclusive; empty for the lowest key
 * @param to exclusive, or null for the end of the table
 */
public record KeyRange(
    String store,
    String table,
    Projection columns,
    boolean tombstones,
    byte[] from,
    byte @Nullable [] to) {

  private static final int PARTS = 5;

  /** Returns the range that the options of a scan describe. */
  public static KeyRange of(String store, TableSpec spec, ScanOptions options) {
    KeyCodec codec = new KeyCodec(spec.key());
    return new KeyRange(
        store,
        spec.name(),
        options.columns(),
        options.tombstones(),
        options.from() == null ? new byte[0] : codec.encode(options.from()),
        options.to() == null ? null : codec.encode(options.to()));
  }

  /** Returns the splits that this range consists of when it is divided at these ascending keys. */
  public List<ScanSplit> splitAt(List<byte[]> bounds) {
    List<ScanSplit> splits = new ArrayList<>();
    byte[] begin = from;
    for (byte[] bound : bounds) {
      splits.add(new KeyRange(store, table, columns, tombstones, begin, bound).split());
      begin = bound;
    }
    splits.add(new KeyRange(store, table, columns, tombstones, begin, to).split());
    return splits;
  }

  /**
   * Returns the part of this range after a key. No encoded key is a prefix of another, so {@code
   * last} with one more byte lies between {@code last} and the next key.
   */
  public KeyRange after(byte[] last) {
    byte[] next = Arrays.copyOf(last, last.length + 1);
    return new KeyRange(store, table, columns, tombstones, next, to);
  }

  /** Returns whether no key is in this range, whatever the table holds. */
  public boolean isEmpty() {
    return to != null && Arrays.compareUnsigned(from, to) >= 0;
  }

  /** Returns this range as the text that callers keep. */
  public ScanSplit split() {
    return new TokenWriter(format(store))
        .text(table)
        .columns(columns)
        .flag(tombstones)
        .bytes(from)
        .bytes(to)
        .split();
  }

  /**
   * Parses a split.
   *
   * @throws StoreException INVALID if the store did not write the split for this table (R9h)
   */
  public static KeyRange parse(String store, TableSpec spec, ScanSplit split) {
    TokenReader token = new TokenReader(split, format(store), PARTS);
    String table = token.text();
    if (!table.equals(spec.name())) {
      throw token.refused("it belongs to table '" + table + "', not '" + spec.name() + "'");
    }
    Projection columns = token.columns(spec.values().size());
    boolean tombstones = token.flag();
    return new KeyRange(store, table, columns, tombstones, token.bytes(), token.bytesOrNull());
  }

  private static String format(String store) {
    return store + "/1";
  }
}
