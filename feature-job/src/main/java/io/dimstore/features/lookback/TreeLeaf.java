// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

import io.dimstore.features.input.EventKind;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Some events of one user, sorted by time and, if times are equal, by arrival. */
final class TreeLeaf extends TreeNode {

  static final int MAX = 32;

  private static final int LATEST = 1 << 3;
  private static final int KIND_MASK = LATEST - 1;

  private final long[] times = new long[MAX];
  private final long[] sequences = new long[MAX];
  private final long[] amounts = new long[MAX];
  private final long[] previous = new long[MAX];
  // A tag holds the event's kind, and whether the event is the newest occurrence of its item.
  private final int[] tags = new int[MAX];
  private final byte[][] items = new byte[MAX][];
  private int size;

  int size() {
    return size;
  }

  long time(int i) {
    return times[i];
  }

  long sequence(int i) {
    return sequences[i];
  }

  long amount(int i) {
    return amounts[i];
  }

  /** Returns the time of the previous occurrence of the same item, or {@link #NEVER}. */
  long previous(int i) {
    return previous[i];
  }

  void setPrevious(int i, long time) {
    previous[i] = time;
  }

  EventKind kind(int i) {
    return EventKind.ofCode(tags[i] & KIND_MASK);
  }

  byte[] item(int i) {
    return items[i];
  }

  boolean isLatest(int i) {
    return (tags[i] & LATEST) != 0;
  }

  void clearLatest(int i) {
    tags[i] &= ~LATEST;
  }

  /** Returns the index after the last event that is not newer than {@code time}. */
  int upperBound(long time) {
    int i = size;
    while (i > 0 && times[i - 1] > time) {
      i--;
    }
    return i;
  }

  void insert(
      int at,
      long time,
      long sequence,
      byte[] item,
      EventKind kind,
      long amount,
      long before,
      boolean latest) {
    open(at);
    times[at] = time;
    sequences[at] = sequence;
    amounts[at] = amount;
    previous[at] = before;
    tags[at] = kind.code() | (latest ? LATEST : 0);
    items[at] = item;
  }

  /** Moves the events from index {@code at} on into a new leaf. */
  TreeLeaf split(int at) {
    TreeLeaf right = new TreeLeaf();
    for (int i = at; i < size; i++) {
      right.times[i - at] = times[i];
      right.sequences[i - at] = sequences[i];
      right.amounts[i - at] = amounts[i];
      right.previous[i - at] = previous[i];
      right.tags[i - at] = tags[i];
      right.items[i - at] = items[i];
    }
    right.size = size - at;
    Arrays.fill(items, at, size, null);
    size = at;
    return right;
  }

  private void open(int at) {
    int behind = size - at;
    System.arraycopy(times, at, times, at + 1, behind);
    System.arraycopy(sequences, at, sequences, at + 1, behind);
    System.arraycopy(amounts, at, amounts, at + 1, behind);
    System.arraycopy(previous, at, previous, at + 1, behind);
    System.arraycopy(tags, at, tags, at + 1, behind);
    System.arraycopy(items, at, items, at + 1, behind);
    size++;
  }

  @Override
  int level() {
    return 0;
  }

  @Override
  TreeBranch.Child summary(long id) {
    TreeBranch.Child child = new TreeBranch.Child(id);
    child.firstTime = times[0];
    child.lastTime = times[size - 1];
    child.lastSequence = sequences[size - 1];
    for (int i = 0; i < size; i++) {
      child.totals.add(this, i);
      child.seePrevious(previous[i]);
    }
    return child;
  }

  @Override
  void write(DataOutputSerializer out) throws IOException {
    VarLong.write(size, out);
    long before = 0;
    for (int i = 0; i < size; i++) {
      VarLong.write(times[i] - before, out);
      VarLong.write(sequences[i], out);
      out.writeByte(tags[i]);
      VarLong.write(amounts[i], out);
      VarLong.write(previous[i] == NEVER ? 0 : times[i] - previous[i] + 1, out);
      VarLong.write(items[i].length, out);
      out.write(items[i]);
      before = times[i];
    }
  }

  static TreeLeaf read(DataInputDeserializer in) throws IOException {
    TreeLeaf leaf = new TreeLeaf();
    leaf.size = (int) VarLong.read(in);
    long time = 0;
    for (int i = 0; i < leaf.size; i++) {
      time += VarLong.read(in);
      leaf.times[i] = time;
      leaf.sequences[i] = VarLong.read(in);
      leaf.tags[i] = in.readByte();
      leaf.amounts[i] = VarLong.read(in);
      long distance = VarLong.read(in);
      leaf.previous[i] = distance == 0 ? NEVER : time - distance + 1;
      leaf.items[i] = new byte[(int) VarLong.read(in)];
      in.readFully(leaf.items[i]);
    }
    return leaf;
  }
}
