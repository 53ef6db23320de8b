package io.dimstore.features;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * The version of the look-back state inside a savepoint. Public only because Flink creates it by
 * name.
 */
public final class UserHistorySerializerSnapshot implements TypeSerializerSnapshot<UserHistory> {

  private static final int FORMAT = 1;

  /** For Flink. */
  public UserHistorySerializerSnapshot() {}

  @Override
  public int getCurrentVersion() {
    return FORMAT;
  }

  @Override
  public void writeSnapshot(DataOutputView out) {
    // The version says everything.
  }

  @Override
  public void readSnapshot(int version, DataInputView in, ClassLoader classLoader)
      throws IOException {
    if (version != FORMAT) {
      throw new IOException(
          "look-back state of format " + version + " cannot be read; this version reads " + FORMAT);
    }
  }

  @Override
  public TypeSerializer<UserHistory> restoreSerializer() {
    return new UserHistorySerializer();
  }

  @Override
  public TypeSerializerSchemaCompatibility<UserHistory> resolveSchemaCompatibility(
      TypeSerializerSnapshot<UserHistory> old) {
    return old instanceof UserHistorySerializerSnapshot
        ? TypeSerializerSchemaCompatibility.compatibleAsIs()
        : TypeSerializerSchemaCompatibility.incompatible();
  }
}
