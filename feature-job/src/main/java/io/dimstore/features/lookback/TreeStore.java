// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

import org.jspecify.annotations.Nullable;

/** Stores the nodes of an {@link EventTree} and the newest occurrence of each item. */
interface TreeStore {

  /** Returns the encoded node, or null if there is none. The array must not be modified. */
  byte @Nullable [] node(long id) throws Exception;

  void putNode(long id, byte[] node) throws Exception;

  void removeNode(long id) throws Exception;

  /** Returns the newest occurrence of an item, or null if there is none. */
  @Nullable Occurrence newest(byte[] item) throws Exception;

  void putNewest(byte[] item, Occurrence occurrence) throws Exception;

  void removeNewest(byte[] item) throws Exception;

  /**
   * The place of an event in the tree.
   *
   * @param time event time
   * @param sequence arrival number, which orders events of the same time
   */
  record Occurrence(long time, long sequence) {}
}
