// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

import io.dimstore.features.input.EventKind;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Serializes histories. A {@link UserHistory} is written as its items and its event log, and its
 * totals are recomputed when it is read. A {@link LargeHistory} is written unchanged.
 *
 * <p>Format 2 begins with a byte: 0 for a short history, 1 for the head of a tree.
 *
 * <ul>
 *   <li>The head of a tree: number, length and bytes of the root, newest time, end of the first
 *       leaf, next node, next arrival, time of the clean-up.
 *   <li>A short history: number of items, each as length and bytes; number of entries, each as the
 *       time since the previous entry (the first since 1970), item number, kind and amount.
 * </ul>
 *
 * <p>All numbers are unsigned base-128, low bits first. Writing does not modify the history,
 * because state is written while the job continues.
 */
final class HistorySerializer extends TypeSerializer<History> {

  private static final long serialVersionUID = 1L;

  private static final int SHORT = 0;
  private static final int LARGE = 1;

  /** Enough for most histories; a longer one makes its buffer grow. */
  private static final int INITIAL_BYTES = 256;

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public TypeSerializer<History> duplicate() {
    // The serializer has no state.
    return this;
  }

  @Override
  public History createInstance() {
    return new UserHistory();
  }

  @Override
  public History copy(History from) {
    return from instanceof UserHistory history ? history.copy() : from;
  }

  @Override
  public History copy(History from, History reuse) {
    return copy(from);
  }

  @Override
  public int getLength() {
    return -1;
  }

  /**
   * Writes a history in one piece. A checkpoint's stream takes several calls for each write, and a
   * history has dozens of short fields.
   */
  @Override
  public void serialize(History history, DataOutputView out) throws IOException {
    DataOutputSerializer bytes = new DataOutputSerializer(INITIAL_BYTES);
    if (history instanceof LargeHistory head) {
      bytes.writeByte(LARGE);
      write(head, bytes);
    } else {
      bytes.writeByte(SHORT);
      write((UserHistory) history, bytes);
    }
    out.write(bytes.getSharedBuffer(), 0, bytes.length());
  }

  private static void write(LargeHistory head, DataOutputView out) throws IOException {
    VarLong.write(head.rootId(), out);
    VarLong.write(head.root().length, out);
    out.write(head.root());
    VarLong.write(head.newest(), out);
    VarLong.write(head.firstLeafEnd(), out);
    VarLong.write(head.nextNode(), out);
    VarLong.write(head.nextSequence(), out);
    VarLong.write(head.cleanUpAt(), out);
  }

  private static LargeHistory readHead(DataInputView in) throws IOException {
    long rootId = VarLong.read(in);
    byte[] root = new byte[(int) VarLong.read(in)];
    in.readFully(root);
    return new LargeHistory(
        rootId,
        root,
        VarLong.read(in),
        VarLong.read(in),
        VarLong.read(in),
        VarLong.read(in),
        VarLong.read(in));
  }

  private static void write(UserHistory history, DataOutputView out) throws IOException {
    ItemCounts items = history.items();
    int[] numbers = new int[items.size()];
    int live = 0;
    for (int id = 0; id < numbers.length; id++) {
      if (items.isLive(id)) {
        numbers[id] = live++;
      }
    }
    VarLong.write(live, out);
    for (int id = 0; id < numbers.length; id++) {
      if (items.isLive(id)) {
        byte[] name = items.name(id);
        VarLong.write(name.length, out);
        out.write(name);
      }
    }
    VarLong.write(history.size(), out);
    long before = 0;
    for (int i = 0; i < history.size(); i++) {
      VarLong.write(history.time(i) - before, out);
      VarLong.write(numbers[history.item(i)], out);
      out.writeByte(history.kind(i).code());
      VarLong.write(history.amount(i), out);
      before = history.time(i);
    }
  }

  @Override
  public History deserialize(DataInputView in) throws IOException {
    return in.readByte() == LARGE ? readHead(in) : readShort(in);
  }

  private static UserHistory readShort(DataInputView in) throws IOException {
    byte[][] items = new byte[(int) VarLong.read(in)][];
    for (int id = 0; id < items.length; id++) {
      items[id] = new byte[(int) VarLong.read(in)];
      in.readFully(items[id]);
    }
    int size = (int) VarLong.read(in);
    UserHistory history = new UserHistory(size + 4);
    long time = 0;
    for (int i = 0; i < size; i++) {
      time += VarLong.read(in);
      byte[] item = items[(int) VarLong.read(in)];
      EventKind kind = EventKind.ofCode(in.readByte());
      history.restore(time, item, kind, VarLong.read(in));
    }
    history.restored();
    return history;
  }

  @Override
  public History deserialize(History reuse, DataInputView in) throws IOException {
    return deserialize(in);
  }

  @Override
  public void copy(DataInputView in, DataOutputView out) throws IOException {
    serialize(deserialize(in), out);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HistorySerializer;
  }

  @Override
  public int hashCode() {
    return HistorySerializer.class.hashCode();
  }

  @Override
  public TypeSerializerSnapshot<History> snapshotConfiguration() {
    return new HistorySerializerSnapshot();
  }
}
