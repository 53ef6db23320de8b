package io.dimstore.hbaseredis;

import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeValidator;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks changes and turns them into what the two servers are sent. Thread-safe. */
final class ChangeEncoder {

  private final Layout layout;
  private final EntryCodec entries;
  private final ChangeValidator validator;

  ChangeEncoder(TableSpec spec, Layout layout, EntryCodec entries) {
    this.layout = layout;
    this.entries = entries;
    this.validator = new ChangeValidator(spec);
  }

  /**
   * @param now the time at which deletes are applied
   * @throws StoreException INVALID, naming the key
   */
  Prepared prepare(Change change, long now) {
    byte[] rowKey = layout.keys().encode(change.key());
    if (rowKey == null) {
      throw StoreException.invalid(
          "Key " + change.key() + " cannot be a row key of HBase: it is empty or too long",
          List.of(change.key()));
    }
    if (change instanceof Delete) {
      byte[] state = new StateCell.Deleted(now).encode();
      return new Prepared(
          change,
          rowKey,
          new org.apache.hadoop.hbase.client.Put(rowKey)
              .addColumn(layout.stateFamily(), StateCell.QUALIFIER, change.version(), state),
          EntryCodec.tombstone(change.version()));
    }
    Put put = (Put) change;
    return new Prepared(
        put,
        rowKey,
        mutation(rowKey, put),
        entries.encode(put.row(), put.version(), put.expiresAtMillis()));
  }

  /** Checks a change; fails INVALID, naming the key. */
  void check(Change change) {
    validator.check(change);
  }

  /** Whether a key is one of the table's. */
  boolean isKey(Key key) {
    return validator.problemOf(key) == null;
  }

  private org.apache.hadoop.hbase.client.Put mutation(byte[] rowKey, Put put) {
    org.apache.hadoop.hbase.client.Put mutation = new org.apache.hadoop.hbase.client.Put(rowKey);
    List<byte[]> values = List.of();
    for (Slot slot : layout.slots()) {
      Object value = put.row().get(slot.index());
      byte[] bytes = encode(put, slot, value);
      if (value != null && slot.looksNull(bytes, 0, bytes.length)) {
        values = values.isEmpty() ? new ArrayList<>() : values;
        values.add(slot.cellName());
      }
      mutation.addColumn(slot.family(), slot.qualifier(), put.version(), bytes);
    }
    byte[] state = new StateCell.Live(put.expiresAtMillis(), layout.fingerprint(), values).encode();
    return mutation.addColumn(layout.stateFamily(), StateCell.QUALIFIER, put.version(), state);
  }

  private static byte[] encode(Put put, Slot slot, @Nullable Object value) {
    try {
      return slot.encode(value);
    } catch (ArithmeticException e) {
      throw new StoreException(
          StoreException.Kind.INVALID,
          "Key "
              + put.key()
              + ": column "
              + slot.column().name()
              + " is outside what the stock encoding of "
              + slot.column().type()
              + " holds: "
              + value,
          List.of(put.key()),
          e);
    }
  }
}
