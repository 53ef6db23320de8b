package io.dimstore.features;

import org.jspecify.annotations.Nullable;

/** Where an {@link EventTree} keeps its nodes and the newest occurrence of each item. */
interface TreeStore {

  /** The encoded node, or null if there is none; never written to afterwards. */
  byte @Nullable [] node(long id) throws Exception;

  void putNode(long id, byte[] node) throws Exception;

  void removeNode(long id) throws Exception;

  /** The newest occurrence of an item, or null. */
  @Nullable Occurrence newest(byte[] item) throws Exception;

  void putNewest(byte[] item, Occurrence occurrence) throws Exception;

  void removeNewest(byte[] item) throws Exception;

  /**
   * The place of an event in the tree.
   *
   * @param time event time
   * @param sequence arrival number, which orders events of one time
   */
  record Occurrence(long time, long sequence) {}
}
