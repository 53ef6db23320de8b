// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import io.dimstore.spi.Projection;
import io.dimstore.spi.Row;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Encodes and decodes packed entries: a format byte, a kind, and for rows and tombstones the
 * version, which the scripts compare. Thread-safe.
 */
public final class EntryCodec {

  static final byte FORMAT = 1;
  static final byte ROW = 'P';
  static final byte TOMBSTONE = 'D';
  static final byte NEGATIVE = 'N';
  static final byte LEASE = 'L';
  static final byte FENCE = 'F';

  private static final int ROW_HEADER = 2 + 8 + 8 + 4;

  private final ColumnMapping[] mappings;
  private final int fingerprint;

  /** Caches the positions of the last projection: all rows of a call have the same projection. */
  private volatile @Nullable Places lastPlaces;

  /** An estimate, in bytes, that most recent rows do not exceed. Updates may be lost in a race. */
  private volatile int room = 256;

  public EntryCodec(Layout layout) {
    this.mappings = layout.mappings();
    this.fingerprint = layout.fingerprint();
  }

  public byte[] encode(Row row, long version, long expiresAt) {
    @Nullable Object[] values = new @Nullable Object[mappings.length];
    for (int i = 0; i < mappings.length; i++) {
      values[i] = row.get(mappings[i].index());
    }
    // With a margin, because a sink that has to grow copies the row once more.
    byte[] entry = encode(mappings, fingerprint, values, version, expiresAt, room + room / 4);
    room = Math.max(room - room / 32, entry.length);
    return entry;
  }

  /** Encodes a row whose values are in the order of the cells. */
  static byte[] encode(
      ColumnMapping[] mappings,
      int fingerprint,
      @Nullable Object[] values,
      long version,
      long expiresAt) {
    return encode(
        mappings, fingerprint, values, version, expiresAt, ROW_HEADER + 16 * mappings.length + 16);
  }

  private static byte[] encode(
      ColumnMapping[] mappings,
      int fingerprint,
      @Nullable Object[] values,
      long version,
      long expiresAt,
      int room) {
    ByteSink out = new ByteSink(room);
    header(out, version, expiresAt, fingerprint);
    int nulls = out.skip((mappings.length + 7) / 8);
    for (int i = 0; i < mappings.length; i++) {
      Object value = values[i];
      if (value == null) {
        out.setBit(nulls, i);
      } else {
        mappings[i].packed().write().accept(value, out);
      }
    }
    return out.toBytes();
  }

  /** Encodes the header of a row of another layout, whose values cannot be read. */
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

  public static byte[] tombstone(long version) {
    ByteSink out = new ByteSink(10);
    out.i8(FORMAT);
    out.i8(TOMBSTONE);
    out.i64(version);
    return out.toBytes();
  }

  public static byte[] negative() {
    return new byte[] {FORMAT, NEGATIVE};
  }

  public static byte[] lease(long process, long number) {
    ByteSink out = new ByteSink(18);
    out.i8(FORMAT);
    out.i8(LEASE);
    out.i64(process);
    out.i64(number);
    return out.toBytes();
  }

  /**
   * Returns the value that keeps readers from creating an entry after a failed write of its row:
   * they read HBase until it expires.
   */
  public static byte[] fence() {
    return new byte[] {FORMAT, FENCE};
  }

  /** Returns the entry for the state of a row in HBase, or null if no entry can represent it. */
  public byte @Nullable [] encode(RowState stored) {
    if (stored instanceof RowState.Present row) {
      return row.copyable() ? encode(row.row(), row.version(), row.expiresAt()) : null;
    }
    return stored instanceof RowState.Tombstone tombstone
        ? tombstone(tombstone.version())
        : negative();
  }

  /**
   * Decodes an entry; of a row, only the projected columns.
   *
   * @return null for a lease or a fence, for another format and for an entry of another layout: the
   *     caller must then read HBase
   * @throws RuntimeException if the bytes are not an entry
   */
  @Nullable
  public RowState decode(byte[] bytes, Projection columns) {
    return decode(bytes, bytes.length, columns);
  }

  /**
   * Decodes an entry of this length, as {@link #decode(byte[], Projection)}. Bytes after it are
   * ignored.
   */
  @Nullable
  public RowState decode(byte[] bytes, int length, Projection columns) {
    ByteSource in = new ByteSource(bytes, 0, length);
    if (in.i8() != FORMAT) {
      return null;
    }
    return switch (in.i8()) {
      case NEGATIVE -> RowState.NOTHING;
      case TOMBSTONE -> new RowState.Tombstone(in.i64(), 0);
      case ROW -> {
        long version = in.i64();
        long expiresAt = in.i64();
        if (in.i32() != fingerprint) {
          yield null;
        }
        yield new RowState.Present(row(in, columns), version, expiresAt, true);
      }
      default -> null;
    };
  }

  /**
   * Whether the bytes are an entry of this layout, or a tombstone or negative entry, which depend
   * on no layout.
   */
  public boolean isOurs(byte[] entry) {
    return isKnown(entry)
        && !isLeaseOrFence(entry)
        && (entry[1] != ROW || new ByteSource(entry, 18, 4).i32() == fingerprint);
  }

  /** Whether the bytes begin like a lease, a fence or an entry. */
  public static boolean isKnown(byte[] bytes) {
    return isOf(bytes, ROW)
        || isOf(bytes, TOMBSTONE)
        || isOf(bytes, NEGATIVE)
        || isLeaseOrFence(bytes);
  }

  /** Whether the bytes begin like a lease. */
  public static boolean isLease(byte[] bytes) {
    return isOf(bytes, LEASE);
  }

  /** Whether the bytes begin like a lease or a fence, which are the same in every format. */
  public static boolean isLeaseOrFence(byte[] bytes) {
    return isOf(bytes, LEASE) || isOf(bytes, FENCE);
  }

  private static boolean isOf(byte[] bytes, byte kind) {
    return bytes.length >= 2 && bytes[0] == FORMAT && bytes[1] == kind;
  }

  private Row row(ByteSource in, Projection columns) {
    int nulls = in.skip((mappings.length + 7) / 8);
    int[] positions = positions(columns);
    @Nullable Object[] values = new @Nullable Object[columns.size()];
    for (int i = 0; i < mappings.length; i++) {
      if (in.bit(nulls, i)) {
        continue;
      }
      int place = positions[mappings[i].index()];
      if (place < 0) {
        mappings[i].packed().skip(in);
      } else {
        values[place] = mappings[i].packed().read().apply(in);
      }
    }
    if (in.remaining() > 0) {
      throw new IllegalArgumentException("bytes after the row");
    }
    return Row.of(values);
  }

  @SuppressWarnings(
      "ReferenceEquality") // Another projection of equal columns costs a loop, no more.
  private int[] positions(Projection columns) {
    Places last = lastPlaces;
    if (last != null && last.columns == columns) {
      return last.positions;
    }
    int[] positions = new int[mappings.length];
    Arrays.fill(positions, -1);
    for (int i = 0; i < columns.size(); i++) {
      positions[columns.index(i)] = i;
    }
    lastPlaces = new Places(columns, positions);
    return positions;
  }

  /** The position in the projection of each column of the table, or -1. Not to be changed. */
  private record Places(Projection columns, int[] positions) {}
}
