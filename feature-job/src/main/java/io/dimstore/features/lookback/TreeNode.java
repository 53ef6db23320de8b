// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

import java.io.IOException;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * A node of an {@link EventTree}. The encoded form begins with a byte for the format and a byte for
 * the level, which is 0 for a leaf. All following numbers are unsigned base-128.
 */
abstract sealed class TreeNode permits TreeLeaf, TreeBranch {

  /** The time that is stored if an item has no previous occurrence. */
  static final long NEVER = -1;

  private static final int FORMAT = 1;

  /** Returns the entry for this node in its parent. */
  abstract TreeBranch.Child summary(long id);

  abstract int level();

  abstract void write(DataOutputSerializer out) throws IOException;

  final byte[] encoded() throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(1024);
    out.writeByte(FORMAT);
    out.writeByte(level());
    write(out);
    return out.getCopyOfBuffer();
  }

  static TreeNode decoded(byte[] bytes) throws IOException {
    DataInputDeserializer in = new DataInputDeserializer(bytes);
    int format = in.readByte();
    if (format != FORMAT) {
      throw new IOException(
          "look-back state of node format "
              + format
              + " cannot be read; this version reads "
              + FORMAT);
    }
    int level = in.readByte();
    return level == 0 ? TreeLeaf.read(in) : TreeBranch.read(level, in);
  }
}
