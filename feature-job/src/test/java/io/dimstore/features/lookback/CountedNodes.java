// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The state of one tree in maps, which counts the bytes of nodes that go in and out. */
final class CountedNodes implements TreeStore {

  final Map<Long, byte[]> nodes = new HashMap<>();
  final Map<String, Occurrence> items = new HashMap<>();
  long bytes;

  @Override
  public byte @Nullable [] node(long id) {
    byte[] node = nodes.get(id);
    bytes += node == null ? 0 : node.length;
    return node;
  }

  @Override
  public void putNode(long id, byte[] node) {
    bytes += node.length;
    nodes.put(id, node);
  }

  @Override
  public void removeNode(long id) {
    nodes.remove(id);
  }

  @Override
  public @Nullable Occurrence newest(byte[] item) {
    return items.get(new String(item, StandardCharsets.UTF_8));
  }

  @Override
  public void putNewest(byte[] item, Occurrence occurrence) {
    items.put(new String(item, StandardCharsets.UTF_8), occurrence);
  }

  @Override
  public void removeNewest(byte[] item) {
    items.remove(new String(item, StandardCharsets.UTF_8));
  }
}
