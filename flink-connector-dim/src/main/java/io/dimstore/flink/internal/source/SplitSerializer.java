// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.source;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Serializes splits for checkpoints as two strings, each preceded by its length in bytes. */
final class SplitSerializer implements SimpleVersionedSerializer<DimSplit> {

  private static final int VERSION = 1;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(DimSplit split) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    write(split, new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  @Override
  public DimSplit deserialize(int version, byte[] serialized) throws IOException {
    requireVersion(version);
    return read(new DataInputStream(new ByteArrayInputStream(serialized)));
  }

  static void requireVersion(int version) throws IOException {
    if (version != VERSION) {
      throw new IOException(
          "The checkpoint has a scan in format " + version + ", and this connector reads format 1");
    }
  }

  static void write(DimSplit split, DataOutputStream out) throws IOException {
    text(split.id(), out);
    text(split.token(), out);
  }

  static DimSplit read(DataInputStream in) throws IOException {
    String id = text(in);
    return new DimSplit(id, text(in));
  }

  private static void text(String text, DataOutputStream out) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(DataInputStream in) throws IOException {
    int length = in.readInt();
    byte[] bytes = in.readNBytes(length);
    if (bytes.length != length) {
      throw new IOException("The scan in the checkpoint is cut off");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
