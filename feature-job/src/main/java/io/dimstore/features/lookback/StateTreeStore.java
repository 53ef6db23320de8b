// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Iterator;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Stores the tree of the current key in Flink's keyed state, with one entry per node and per item.
 */
final class StateTreeStore implements TreeStore {

  private final MapState<Long, byte[]> nodes;
  private final MapState<String, byte[]> items;

  StateTreeStore(RuntimeContext context) {
    nodes =
        context.getMapState(
            new MapStateDescriptor<>(
                "history-nodes", LongSerializer.INSTANCE, BytePrimitiveArraySerializer.INSTANCE));
    items =
        context.getMapState(
            new MapStateDescriptor<>(
                "history-items", StringSerializer.INSTANCE, BytePrimitiveArraySerializer.INSTANCE));
  }

  @Override
  public byte @Nullable [] node(long id) throws Exception {
    return nodes.get(id);
  }

  @Override
  public void putNode(long id, byte[] node) throws Exception {
    nodes.put(id, node);
  }

  @Override
  public void removeNode(long id) throws Exception {
    nodes.remove(id);
  }

  @Override
  public @Nullable Occurrence newest(byte[] item) throws Exception {
    byte @Nullable [] bytes = items.get(name(item));
    return bytes == null ? null : decoded(bytes);
  }

  @Override
  public void putNewest(byte[] item, Occurrence occurrence) throws Exception {
    items.put(name(item), encoded(occurrence));
  }

  @Override
  public void removeNewest(byte[] item) throws Exception {
    items.remove(name(item));
  }

  /** Removes all entries of this key. */
  void clear() {
    nodes.clear();
    items.clear();
  }

  /**
   * Removes up to {@code max} entries of this key.
   *
   * @return whether entries may be left
   */
  boolean clearSome(int max) throws Exception {
    boolean left = clearSome(nodes.keys().iterator(), max);
    left |= clearSome(items.keys().iterator(), max);
    if (!left) {
      // Even an empty map occupies state.
      clear();
    }
    return left;
  }

  private static boolean clearSome(Iterator<?> keys, int max) {
    int removed = 0;
    while (removed < max && keys.hasNext()) {
      keys.next();
      keys.remove();
      removed++;
    }
    return removed == max;
  }

  private static String name(byte[] item) {
    // The parser refuses text that UTF-8 cannot represent.
    return new String(item, UTF_8);
  }

  private static byte[] encoded(Occurrence occurrence) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(16);
    VarLong.write(occurrence.time(), out);
    VarLong.write(occurrence.sequence(), out);
    return out.getCopyOfBuffer();
  }

  private static Occurrence decoded(byte[] bytes) throws IOException {
    DataInputDeserializer in = new DataInputDeserializer(bytes);
    return new Occurrence(VarLong.read(in), VarLong.read(in));
  }
}
