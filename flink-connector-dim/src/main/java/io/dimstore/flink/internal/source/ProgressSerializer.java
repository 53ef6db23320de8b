// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.source;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Serializes an enumerator's progress for checkpoints, in the format of {@link SplitSerializer}.
 */
final class ProgressSerializer implements SimpleVersionedSerializer<ScanProgress> {

  @Override
  public int getVersion() {
    return 1;
  }

  @Override
  public byte[] serialize(ScanProgress progress) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeBoolean(progress.divided());
    out.writeInt(progress.unassigned().size());
    for (DimSplit split : progress.unassigned()) {
      SplitSerializer.write(split, out);
    }
    return bytes.toByteArray();
  }

  @Override
  public ScanProgress deserialize(int version, byte[] serialized) throws IOException {
    SplitSerializer.requireVersion(version);
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized));
    boolean divided = in.readBoolean();
    int count = in.readInt();
    List<DimSplit> splits = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      splits.add(SplitSerializer.read(in));
    }
    return new ScanProgress(divided, splits);
  }
}
