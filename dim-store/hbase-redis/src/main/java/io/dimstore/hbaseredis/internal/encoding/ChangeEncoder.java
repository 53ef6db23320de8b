// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.support.ChangeValidator;
import io.dimstore.spi.support.NewestPerKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Validates changes and encodes them for HBase and Redis. Thread-safe. */
public final class ChangeEncoder {

  private final Layout layout;
  private final EntryCodec entries;
  private final ChangeValidator validator;
  private final boolean numbered;

  public ChangeEncoder(TableSpec spec, Layout layout, EntryCodec entries) {
    this(spec, layout, entries, false);
  }

  /**
   * Creates an encoder for one table.
   *
   * @param numbered whether the state cell of each write gets a random number, so that no two
   *     writes have equal state cells
   */
  public ChangeEncoder(TableSpec spec, Layout layout, EntryCodec entries, boolean numbered) {
    this.numbered = numbered;
    this.layout = layout;
    this.entries = entries;
    this.validator = new ChangeValidator(spec);
  }

  /**
   * Validates a whole batch and encodes it. If a key has several changes, only the winning one is
   * encoded (R5).
   *
   * @param now the time at which deletes are applied, in epoch milliseconds
   * @throws StoreException INVALID if any change is invalid; names all keys with invalid changes
   */
  public List<EncodedChange> prepare(List<Change> changes, long now) {
    validator.checkAll(changes);
    List<EncodedChange> prepared = new ArrayList<>(changes.size());
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

  private EncodedChange prepare(Change change, long now) {
    byte[] rowKey = layout.keys().encode(change.key());
    if (rowKey == null) {
      throw StoreException.invalid(
          "Key " + change.key() + " cannot be a row key of HBase: it is empty or too long",
          List.of(change.key()));
    }
    if (change instanceof Delete) {
      byte[] state = bytes(new StateCell.Deleted(now));
      return new EncodedChange(
          change,
          rowKey,
          new org.apache.hadoop.hbase.client.Put(rowKey)
              .addColumn(layout.stateFamily(), StateCell.QUALIFIER, change.version(), state),
          EntryCodec.tombstone(change.version()));
    }
    Put put = (Put) change;
    return new EncodedChange(
        put,
        rowKey,
        mutation(rowKey, put),
        entries.encode(put.row(), put.version(), put.expiresAtMillis()));
  }

  /** Whether a key has the number and types of values that the table's key has. */
  public boolean isKey(Key key) {
    return validator.problemOf(key) == null;
  }

  private org.apache.hadoop.hbase.client.Put mutation(byte[] rowKey, Put put) {
    org.apache.hadoop.hbase.client.Put mutation = new org.apache.hadoop.hbase.client.Put(rowKey);
    List<byte[]> nulls = List.of();
    for (ColumnMapping mapping : layout.mappings()) {
      Object value = put.row().get(mapping.index());
      if (value == null) {
        nulls = nulls.isEmpty() ? new ArrayList<>() : nulls;
        nulls.add(mapping.cellName());
      }
      mutation.addColumn(
          mapping.family(), mapping.qualifier(), put.version(), encode(put, mapping, value));
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

  private static byte[] encode(Put put, ColumnMapping mapping, @Nullable Object value) {
    try {
      return mapping.encode(value);
    } catch (ArithmeticException e) {
      throw new StoreException(
          StoreException.Kind.INVALID,
          "Key "
              + put.key()
              + ": column "
              + mapping.column().name()
              + " is outside what the stock encoding of "
              + mapping.column().type()
              + " holds: "
              + value,
          List.of(put.key()),
          e);
    }
  }
}
