// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * The format version of the look-back state inside a savepoint. Public only because Flink creates
 * it by class name.
 */
public final class HistorySerializerSnapshot implements TypeSerializerSnapshot<History> {

  private static final int FORMAT = 2;

  /** Called by Flink. */
  public HistorySerializerSnapshot() {}

  @Override
  public int getCurrentVersion() {
    return FORMAT;
  }

  @Override
  public void writeSnapshot(DataOutputView out) {
    // The format version is the only content.
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
  public TypeSerializer<History> restoreSerializer() {
    return new HistorySerializer();
  }

  @Override
  public TypeSerializerSchemaCompatibility<History> resolveSchemaCompatibility(
      TypeSerializerSnapshot<History> old) {
    return old instanceof HistorySerializerSnapshot
        ? TypeSerializerSchemaCompatibility.compatibleAsIs()
        : TypeSerializerSchemaCompatibility.incompatible();
  }
}
