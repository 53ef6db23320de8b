package io.dimstore.hbaseredis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The cell of ours beside a row's data: its timestamp is the version of the row as we wrote it, and
 * it decides what the data cells mean.
 */
sealed interface StateCell {

  /** The qualifier of state cells. */
  byte[] QUALIFIER = {'d'};

  byte FORMAT = 1;

  /** Begins the block of a note, which no name of a cell begins with. */
  byte NOTE = 0;

  /** The note that the cells of the row were found to be gone, with the time of that. */
  byte GONE = 'g';

  /** The note that makes the state cell of each write different, with a random number. */
  byte WRITE = 'w';

  /**
   * The row was put.
   *
   * @param expiresAt when it ends
   * @param fingerprint of the writer's layout
   * @param nulls names of the cells that are null: their bytes do not always tell
   * @param goneSince when a purge first found that another tool had deleted the cells, in epoch
   *     milliseconds; null where none has
   */
  record Live(long expiresAt, int fingerprint, List<byte[]> nulls, @Nullable Long goneSince)
      implements StateCell {

    Live(long expiresAt, int fingerprint, List<byte[]> nulls) {
      this(expiresAt, fingerprint, nulls, null);
    }

    boolean isNull(Slot slot) {
      for (byte[] name : nulls) {
        if (Arrays.equals(name, slot.cellName())) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * The row was deleted.
   *
   * @param appliedAt when, in epoch milliseconds
   */
  record Deleted(long appliedAt) implements StateCell {}

  /** The cell's bytes. */
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

  /** The bytes of a state cell with a note added. What it says of the row stays the same. */
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
   * Reads a state cell.
   *
   * @throws RuntimeException where it is none
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
