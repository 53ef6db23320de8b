// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import io.dimstore.hbaseredis.internal.options.KeyCodecKind;
import io.dimstore.hbaseredis.internal.options.KeyEncoding;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Key;
import io.dimstore.spi.KeyCodec;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.hbase.HConstants;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Translates between keys and HBase row keys, with the encoding and the codec of the table options.
 * Thread-safe.
 */
public final class RowKeys {

  private final @Nullable CellCodec stock;
  private final KeyCodec ordered;
  private final RowKeyCodec codec;

  /**
   * Creates the translation for a table.
   *
   * @param encoding null for STOCK if the key allows it, else ORDERED
   * @param size the option {@code key-codec.size}; null if it is not set
   */
  RowKeys(
      String table,
      List<Column> key,
      @Nullable KeyEncoding encoding,
      KeyCodecKind codec,
      @Nullable Integer size) {
    CellCodec single = key.size() == 1 ? CellCodec.of(key.get(0).type()) : null;
    boolean possible = single != null && single.stock();
    if (encoding == KeyEncoding.STOCK && !possible) {
      throw StoreException.invalid(
          "Table "
              + table
              + ": 'key-encoding' = 'stock' needs one key column of a type that the stock HBase"
              + " connector has; use 'ordered'");
    }
    this.stock = encoding != KeyEncoding.ORDERED && possible ? single : null;
    this.ordered = new KeyCodec(key);
    boolean text = stock != null && key.get(0).type() instanceof DataType.Text;
    try {
      this.codec = RowKeyCodec.of(codec, size, text);
    } catch (IllegalArgumentException e) {
      throw new StoreException(
          Kind.INVALID,
          "Table "
              + table
              + ": 'key-codec' = '"
              + codec.name().toLowerCase(Locale.ROOT).replace('_', '-')
              + "' "
              + e.getMessage(),
          e);
    }
  }

  /**
   * Returns the row key, or null if HBase cannot hold the key: its bytes are empty or more than
   * 32,767, or its value is outside the range of the stock encoding.
   */
  public byte @Nullable [] encode(Key key) {
    byte[] bytes;
    try {
      bytes = stock == null ? ordered.encode(key) : stock.encode().apply(canonical(key.get(0)));
    } catch (ArithmeticException e) {
      return null;
    }
    byte[] row = bytes.length == 0 ? bytes : codec.toRow(bytes);
    return row.length == 0 || row.length > HConstants.MAX_ROW_LENGTH ? null : row;
  }

  /**
   * Returns the key of a row key.
   *
   * @throws StoreException CORRUPT if the bytes are not a row key of the table
   */
  public Key decode(byte[] row) {
    byte[] bytes;
    try {
      bytes = codec.toKey(row);
    } catch (RuntimeException e) {
      throw notAKey(row, e);
    }
    if (stock == null) {
      return ordered.decode(bytes);
    }
    try {
      Object value = stock.decode().apply(bytes, 0, bytes.length);
      if (value != null) {
        return Key.of(value);
      }
    } catch (RuntimeException e) {
      throw notAKey(row, e);
    }
    throw notAKey(row, null);
  }

  /**
   * Returns the key of a row key, for reports and messages. If the bytes are not a row key of the
   * table, the result has the bytes as its only value.
   */
  public Key name(byte[] row) {
    try {
      return decode(row);
    } catch (StoreException e) {
      return Key.of((Object) row);
    }
  }

  /**
   * Whether row keys sort as {@link KeyCodec} sorts the keys, so that a range of keys is a range of
   * rows.
   */
  public boolean sorted() {
    return codec.sorted() && (stock == null || stock.ordered());
  }

  /**
   * Returns the bytes of {@link KeyCodec}, by which keys are compared independently of their row
   * keys.
   */
  public byte[] order(Key key) {
    return ordered.encode(key);
  }

  private static StoreException notAKey(byte[] row, @Nullable RuntimeException cause) {
    return new StoreException(
        Kind.CORRUPT,
        "Row key "
            + Bytes.toStringBinary(row)
            + " is not a key of the table"
            + (cause == null ? "" : ": " + cause.getMessage()),
        cause);
  }

  /**
   * Replaces any NaN by the canonical one: all NaN are equal as keys, but may differ in their
   * bytes.
   */
  private static Object canonical(Object value) {
    if (value instanceof Float f && f.isNaN()) {
      return Float.NaN;
    }
    return value instanceof Double d && d.isNaN() ? (Object) Double.NaN : value;
  }
}
