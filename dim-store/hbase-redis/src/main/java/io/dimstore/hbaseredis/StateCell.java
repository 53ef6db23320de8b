package io.dimstore.hbaseredis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The cell of ours beside a row's data: its timestamp is the version of the row as we wrote it, and
 * it decides what the data cells mean.
 */
sealed interface StateCell {

  /** The qualifier of state cells. */
  byte[] QUALIFIER = {'d'};

  byte FORMAT = 1;

  /**
   * The row was put.
   *
   * @param expiresAt when it ends
   * @param fingerprint of the writer's layout
   * @param nulls names of the cells that are null: their bytes do not always tell
   */
  record Live(long expiresAt, int fingerprint, List<byte[]> nulls) implements StateCell {

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
    } else {
      out.i8('D');
      out.i64(((Deleted) this).appliedAt);
    }
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
    while (in.remaining() > 0) {
      nulls.add(in.block());
    }
    return new Live(expiresAt, fingerprint, nulls);
  }
}
