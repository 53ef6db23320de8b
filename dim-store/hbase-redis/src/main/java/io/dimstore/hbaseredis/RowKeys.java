package io.dimstore.hbaseredis;

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

/** Keys as HBase row keys, in the encoding and codec that the table options name. Thread-safe. */
final class RowKeys {

  /** How a key becomes a row key. */
  enum Encoding {
    /** The stock connector's bytes of the one key column. */
    STOCK,
    /** {@link KeyCodec}: any columns, in their order. */
    ORDERED
  }

  private final @Nullable CellCodec stock;
  private final KeyCodec ordered;
  private final RowKeyCodec codec;

  /**
   * @param encoding null for stock where it can be, else ordered
   * @param size the size that the codec was given, null for none
   */
  RowKeys(
      String table,
      List<Column> key,
      @Nullable Encoding encoding,
      RowKeyCodec.Kind codec,
      @Nullable Integer size) {
    CellCodec single = key.size() == 1 ? CellCodec.of(key.get(0).type()) : null;
    boolean possible = single != null && single.stock();
    if (encoding == Encoding.STOCK && !possible) {
      throw StoreException.invalid(
          "Table "
              + table
              + ": 'key-encoding' = 'stock' needs one key column of a type that the stock HBase"
              + " connector has; use 'ordered'");
    }
    this.stock = encoding != Encoding.ORDERED && possible ? single : null;
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

  /** The row key, or null where HBase cannot hold it: empty or longer than 32,767 bytes. */
  byte @Nullable [] encode(Key key) {
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
   * @throws StoreException CORRUPT when these are no bytes of a key
   */
  Key decode(byte[] row) {
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

  /** The key, to name a row with; the bytes themselves where they are no key of the table. */
  Key name(byte[] row) {
    try {
      return decode(row);
    } catch (StoreException e) {
      return Key.of((Object) row);
    }
  }

  /** Whether row keys sort as {@link KeyCodec} sorts the keys, so that a range can be sought. */
  boolean sorted() {
    return codec.sorted() && (stock == null || stock.ordered());
  }

  /** The bytes by which keys are compared, whatever their row keys are. */
  byte[] order(Key key) {
    return ordered.encode(key);
  }

  private static StoreException notAKey(byte[] row, @Nullable RuntimeException cause) {
    return new StoreException(
        Kind.CORRUPT,
        "Row key "
            + Bytes.toStringBinary(row)
            + " is no key of the table"
            + (cause == null ? "" : ": " + cause.getMessage()),
        cause);
  }

  /** Equal keys have equal bytes: there are many NaN. */
  private static Object canonical(Object value) {
    if (value instanceof Float f && f.isNaN()) {
      return Float.NaN;
    }
    return value instanceof Double d && d.isNaN() ? (Object) Double.NaN : value;
  }
}
