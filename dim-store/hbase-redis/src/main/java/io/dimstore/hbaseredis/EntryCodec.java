package io.dimstore.hbaseredis;

import io.dimstore.spi.Projection;
import io.dimstore.spi.Row;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Entries of Redis: a format byte, a kind, and for rows and tombstones the version, which the
 * scripts compare. Thread-safe.
 */
final class EntryCodec {

  static final byte FORMAT = 1;
  static final byte ROW = 'P';
  static final byte TOMBSTONE = 'D';
  static final byte NEGATIVE = 'N';
  static final byte LEASE = 'L';

  private static final int ROW_HEADER = 2 + 8 + 8 + 4;

  private final Slot[] slots;
  private final int fingerprint;

  /** A call's rows all ask for the same columns. */
  private volatile @Nullable Places lastPlaces;

  /** Bytes that most of the last rows took no more than. Writers may race on it. */
  private volatile int room = 256;

  EntryCodec(Layout layout) {
    this.slots = layout.slots();
    this.fingerprint = layout.fingerprint();
  }

  byte[] encode(Row row, long version, long expiresAt) {
    @Nullable Object[] values = new @Nullable Object[slots.length];
    for (int i = 0; i < slots.length; i++) {
      values[i] = row.get(slots[i].index());
    }
    byte[] entry = encode(slots, fingerprint, values, version, expiresAt, room);
    room = Math.max(room - room / 16, entry.length);
    return entry;
  }

  /** The entry of a row whose values are in the order of the cells. */
  static byte[] encode(
      Slot[] slots, int fingerprint, @Nullable Object[] values, long version, long expiresAt) {
    return encode(
        slots, fingerprint, values, version, expiresAt, ROW_HEADER + 16 * slots.length + 16);
  }

  private static byte[] encode(
      Slot[] slots,
      int fingerprint,
      @Nullable Object[] values,
      long version,
      long expiresAt,
      int room) {
    ByteSink out = new ByteSink(room);
    header(out, version, expiresAt, fingerprint);
    int nulls = out.skip((slots.length + 7) / 8);
    for (int i = 0; i < slots.length; i++) {
      Object value = values[i];
      if (value == null) {
        out.setBit(nulls, i);
      } else {
        slots[i].packed().write().accept(value, out);
      }
    }
    return out.toBytes();
  }

  /** An entry of another layout, whose values are not known. */
  static byte[] ofOther(long version, long expiresAt, int fingerprint) {
    ByteSink out = new ByteSink(ROW_HEADER);
    header(out, version, expiresAt, fingerprint);
    return out.toBytes();
  }

  private static void header(ByteSink out, long version, long expiresAt, int fingerprint) {
    out.i8(FORMAT);
    out.i8(ROW);
    out.i64(version);
    out.i64(expiresAt);
    out.i32(fingerprint);
  }

  static byte[] tombstone(long version) {
    ByteSink out = new ByteSink(10);
    out.i8(FORMAT);
    out.i8(TOMBSTONE);
    out.i64(version);
    return out.toBytes();
  }

  static byte[] negative() {
    return new byte[] {FORMAT, NEGATIVE};
  }

  static byte[] lease(long process, long number) {
    ByteSink out = new ByteSink(18);
    out.i8(FORMAT);
    out.i8(LEASE);
    out.i64(process);
    out.i64(number);
    return out.toBytes();
  }

  /** The entry for what HBase holds, or null where no entry can say it. */
  byte @Nullable [] encode(Stored stored) {
    if (stored instanceof Stored.Present row) {
      return row.copyable() ? encode(row.row(), row.version(), row.expiresAt()) : null;
    }
    return stored instanceof Stored.Tombstone tombstone
        ? tombstone(tombstone.version())
        : negative();
  }

  /**
   * Reads an entry, of a row the projected columns alone.
   *
   * @return null for a lease, another format or the entry of another layout: HBase has to be asked
   * @throws RuntimeException where the bytes are no entry
   */
  @Nullable Stored decode(byte[] bytes, Projection columns) {
    return decode(bytes, bytes.length, columns);
  }

  /** Reads an entry of this length, whatever follows it. */
  @Nullable Stored decode(byte[] bytes, int length, Projection columns) {
    ByteSource in = new ByteSource(bytes, 0, length);
    if (in.i8() != FORMAT) {
      return null;
    }
    switch (in.i8()) {
      case NEGATIVE:
        return Stored.NOTHING;
      case TOMBSTONE:
        return new Stored.Tombstone(in.i64(), 0);
      case ROW:
        long version = in.i64();
        long expiresAt = in.i64();
        return in.i32() == fingerprint
            ? new Stored.Present(row(in, columns), version, expiresAt, true)
            : null;
      default:
        return null;
    }
  }

  /** Whether an entry is of these columns, or of none. */
  boolean isOurs(byte[] entry) {
    return isKnown(entry)
        && entry[1] != LEASE
        && (entry[1] != ROW || new ByteSource(entry, 18, 4).i32() == fingerprint);
  }

  /** Whether these bytes begin as a lease or an entry of ours does. */
  static boolean isKnown(byte[] bytes) {
    return bytes.length >= 2
        && bytes[0] == FORMAT
        && (bytes[1] == ROW || bytes[1] == TOMBSTONE || bytes[1] == NEGATIVE || bytes[1] == LEASE);
  }

  /** Whether these bytes begin as a lease does. */
  static boolean isLease(byte[] bytes) {
    return bytes.length >= 2 && bytes[0] == FORMAT && bytes[1] == LEASE;
  }

  private Row row(ByteSource in, Projection columns) {
    int nulls = in.skip((slots.length + 7) / 8);
    int[] places = places(columns);
    @Nullable Object[] values = new @Nullable Object[columns.size()];
    for (int i = 0; i < slots.length; i++) {
      if (in.bit(nulls, i)) {
        continue;
      }
      int place = places[slots[i].index()];
      if (place < 0) {
        slots[i].packed().skip(in);
      } else {
        values[place] = slots[i].packed().read().apply(in);
      }
    }
    if (in.remaining() > 0) {
      throw new IllegalArgumentException("bytes after the row");
    }
    return Row.of(values);
  }

  private int[] places(Projection columns) {
    Places last = lastPlaces;
    if (last != null && last.columns == columns) {
      return last.places;
    }
    int[] places = new int[slots.length];
    Arrays.fill(places, -1);
    for (int i = 0; i < columns.size(); i++) {
      places[columns.index(i)] = i;
    }
    lastPlaces = new Places(columns, places);
    return places;
  }

  /** Where the columns of a projection go; not to be changed. */
  private record Places(Projection columns, int[] places) {}
}
