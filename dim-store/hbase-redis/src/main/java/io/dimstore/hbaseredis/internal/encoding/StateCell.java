// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The state cell, which dimstore writes beside the data cells of a row. Its timestamp is the
 * version of the last write by dimstore. It decides which data cells belong to the row.
 */
public sealed interface StateCell {

  /** The qualifier of state cells. */
  @SuppressWarnings("MutablePublicArray")
  byte[] QUALIFIER = {'d'};

  byte FORMAT = 1;

  /** The first byte of the block of a note. No cell name begins with it. */
  byte NOTE = 0;

  /**
   * The kind of a note with the time at which a purge found that another tool had deleted the cells
   * of the row.
   */
  byte GONE = 'g';

  /** The kind of a note with a random number, which makes the state cell of each write unique. */
  byte WRITE = 'w';

  /**
   * The row was put.
   *
   * @param expiresAt when it expires, in epoch milliseconds
   * @param fingerprint of the writer's layout
   * @param nulls names of the cells that are null: their bytes alone do not always show it
   * @param goneSince when a purge first found that another tool had deleted the cells, in epoch
   *     milliseconds; null if none has
   */
  record Live(long expiresAt, int fingerprint, List<byte[]> nulls, @Nullable Long goneSince)
      implements StateCell {

    Live(long expiresAt, int fingerprint, List<byte[]> nulls) {
      this(expiresAt, fingerprint, nulls, null);
    }

    public boolean isNull(ColumnMapping mapping) {
      // Without an iterator, because this runs for every cell that is read.
      for (int i = 0; i < nulls.size(); i++) {
        if (Arrays.equals(nulls.get(i), mapping.cellName())) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * The row was deleted.
   *
   * @param appliedAt when the delete was applied, in epoch milliseconds
   */
  record Deleted(long appliedAt) implements StateCell {}

  /** Returns the cell's bytes. */
  default byte[] encode() {
    ByteSink out = new ByteSink(14);
    out.i8(FORMAT);
    if (this instanceof Live live) {
      out.i8('P');
      out.i64(live.expiresAt);
      out.i32(live.fingerprint);
      live.nulls.forEach(out::block);
      if (live.goneSince != null) {
        out.block(note(GONE, live.goneSince));
      }
    } else {
      out.i8('D');
      out.i64(((Deleted) this).appliedAt);
    }
    return out.toBytes();
  }

  /** Returns the bytes of a state cell with a note added. The state of the row stays the same. */
  static byte[] withNote(byte[] state, byte kind, long value) {
    ByteSink out = new ByteSink(state.length + 12);
    out.raw(state);
    out.block(note(kind, value));
    return out.toBytes();
  }

  private static byte[] note(byte kind, long value) {
    ByteSink out = new ByteSink(10);
    out.i8(NOTE);
    out.i8(kind);
    out.i64(value);
    return out.toBytes();
  }

  /**
   * Decodes a state cell.
   *
   * @throws RuntimeException if the bytes are not a state cell
   */
  static StateCell decode(byte[] bytes, int offset, int length) {
    ByteSource in = new ByteSource(bytes, offset, length);
    byte format = in.i8();
    if (format != FORMAT) {
      throw new IllegalArgumentException("a state cell of format " + format);
    }
    byte kind = in.i8();
    if (kind == 'D') {
      return new Deleted(in.i64());
    }
    if (kind != 'P') {
      throw new IllegalArgumentException("a state cell of kind " + kind);
    }
    long expiresAt = in.i64();
    int fingerprint = in.i32();
    List<byte[]> nulls = in.remaining() == 0 ? List.of() : new ArrayList<>();
    Long goneSince = null;
    while (in.remaining() > 0) {
      byte[] block = in.block();
      if (block.length == 0 || block[0] != NOTE) {
        nulls.add(block);
      } else if (block[1] == GONE) {
        goneSince = Bytes.toLong(block, 2);
      }
    }
    return new Live(expiresAt, fingerprint, nulls, goneSince);
  }
}
