// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Serializes the state of a writer's {@link ArrivalClock} as two longs. */
final class ArrivalStateSerializer implements SimpleVersionedSerializer<ArrivalClock.State> {

  private static final int VERSION = 2;
  private static final int BYTES = 2 * Long.BYTES;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(ArrivalClock.State state) {
    return ByteBuffer.allocate(BYTES).putLong(state.time()).putLong(state.localMillis()).array();
  }

  @Override
  public ArrivalClock.State deserialize(int version, byte[] serialized) throws IOException {
    if (version != VERSION || serialized.length != BYTES) {
      throw new IOException(
          "The state of a sink was written by another release of the connector (format "
              + version
              + "); this one reads format "
              + VERSION
              + ". Remedy: start the job without this savepoint. Versions by arrival need none, as"
              + " long as no clock is set back.");
    }
    ByteBuffer in = ByteBuffer.wrap(serialized);
    return new ArrivalClock.State(in.getLong(), in.getLong());
  }
}
