package io.dimstore.hbaseredis;

import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeValidator;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.NewestPerKey;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Checks changes and turns them into what the two servers are sent. Thread-safe. */
final class ChangeEncoder {

  private final Layout layout;
  private final EntryCodec entries;
  private final ChangeValidator validator;
  private final boolean numbered;

  ChangeEncoder(TableSpec spec, Layout layout, EntryCodec entries) {
    this(spec, layout, entries, false);
  }

  /**
   * An encoder for one table.
   *
   * @param numbered whether the state cell of each write has a number of its own
   */
  ChangeEncoder(TableSpec spec, Layout layout, EntryCodec entries, boolean numbered) {
    this.numbered = numbered;
    this.layout = layout;
    this.entries = entries;
    this.validator = new ChangeValidator(spec);
  }

  /**
   * Checks and encodes a whole batch, of each key the change that stands (R5).
   *
   * @param now the time at which deletes are applied
   * @throws StoreException INVALID, naming every key that is to blame
   */
  List<Prepared> prepare(List<Change> changes, long now) {
    validator.checkAll(changes);
    List<Prepared> prepared = new ArrayList<>(changes.size());
    List<Key> blamed = new ArrayList<>();
    StoreException first = null;
    for (Change change : NewestPerKey.of(changes)) {
      try {
        prepared.add(prepare(change, now));
      } catch (StoreException e) {
        first = first == null ? e : first;
        blamed.add(change.key());
      }
    }
    if (first != null) {
      throw new StoreException(
          StoreException.Kind.INVALID, String.valueOf(first.getMessage()), blamed, first);
    }
    return prepared;
  }

  private Prepared prepare(Change change, long now) {
    byte[] rowKey = layout.keys().encode(change.key());
    if (rowKey == null) {
      throw StoreException.invalid(
          "Key " + change.key() + " cannot be a row key of HBase: it is empty or too long",
          List.of(change.key()));
    }
    if (change instanceof Delete) {
      byte[] state = bytes(new StateCell.Deleted(now));
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

  /** Whether a key is one of the table's. */
  boolean isKey(Key key) {
    return validator.problemOf(key) == null;
  }

  private org.apache.hadoop.hbase.client.Put mutation(byte[] rowKey, Put put) {
    org.apache.hadoop.hbase.client.Put mutation = new org.apache.hadoop.hbase.client.Put(rowKey);
    List<byte[]> nulls = List.of();
    for (Slot slot : layout.slots()) {
      Object value = put.row().get(slot.index());
      if (value == null) {
        nulls = nulls.isEmpty() ? new ArrayList<>() : nulls;
        nulls.add(slot.cellName());
      }
      mutation.addColumn(slot.family(), slot.qualifier(), put.version(), encode(put, slot, value));
    }
    byte[] state = bytes(new StateCell.Live(put.expiresAtMillis(), layout.fingerprint(), nulls));
    return mutation.addColumn(layout.stateFamily(), StateCell.QUALIFIER, put.version(), state);
  }

  private byte[] bytes(StateCell state) {
    return numbered
        ? StateCell.withNote(
            state.encode(), StateCell.WRITE, ThreadLocalRandom.current().nextLong())
        : state.encode();
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
