package io.dimstore.features;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Writes a {@link UserHistory} as its items and its log; the totals are computed again when it is
 * read.
 *
 * <p>Format 1: number of items, each as length and bytes; number of entries, each as the time since
 * the one before (the first since 1970), item number, kind and amount. All numbers are unsigned
 * base-128, low bits first. Writing does not change the history: state is written while the job
 * goes on.
 */
final class UserHistorySerializer extends TypeSerializer<UserHistory> {

  private static final long serialVersionUID = 1L;

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public TypeSerializer<UserHistory> duplicate() {
    return this; // holds nothing
  }

  @Override
  public UserHistory createInstance() {
    return new UserHistory();
  }

  @Override
  public UserHistory copy(UserHistory from) {
    return from.copy();
  }

  @Override
  public UserHistory copy(UserHistory from, UserHistory reuse) {
    return from.copy();
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(UserHistory history, DataOutputView out) throws IOException {
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
  public UserHistory deserialize(DataInputView in) throws IOException {
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
  public UserHistory deserialize(UserHistory reuse, DataInputView in) throws IOException {
    return deserialize(in);
  }

  @Override
  public void copy(DataInputView in, DataOutputView out) throws IOException {
    serialize(deserialize(in), out);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof UserHistorySerializer;
  }

  @Override
  public int hashCode() {
    return UserHistorySerializer.class.hashCode();
  }

  @Override
  public TypeSerializerSnapshot<UserHistory> snapshotConfiguration() {
    return new UserHistorySerializerSnapshot();
  }
}
