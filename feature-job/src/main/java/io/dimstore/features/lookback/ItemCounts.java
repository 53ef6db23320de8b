// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

import java.util.Arrays;

/**
 * Numbers the items of one user and counts how often each occurs in the log and in each window. An
 * item keeps its number while it occurs in the log. {@link #compact} removes the numbers of items
 * that no longer occur.
 */
final class ItemCounts {

  /**
   * The number of items from which an index is used. Below it, a scan over the hashes is faster.
   */
  private static final int INDEX_FROM = 16;

  /** Counters per item: in the log, then in each window. */
  private static final int STRIDE = 1 + LookBackWindows.COUNT;

  private byte[][] names = new byte[4][];
  private int[] hashes = new int[4];
  private int[] counts = new int[4 * STRIDE];
  private int size;
  private int live;
  private int[] index = {};
  private final int[] distinct = new int[LookBackWindows.COUNT];

  ItemCounts() {}

  private ItemCounts(ItemCounts from) {
    // The arrays of the names are shared, because they are never modified.
    names = from.names.clone();
    hashes = from.hashes.clone();
    counts = from.counts.clone();
    index = from.index.clone();
    size = from.size;
    live = from.live;
    System.arraycopy(from.distinct, 0, distinct, 0, distinct.length);
  }

  ItemCounts copy() {
    return new ItemCounts(this);
  }

  /** Returns the upper bound, exclusive, of the numbers that were assigned. */
  int size() {
    return size;
  }

  byte[] name(int id) {
    return names[id];
  }

  boolean isLive(int id) {
    return counts[id * STRIDE] > 0;
  }

  int distinct(int window) {
    return distinct[window];
  }

  /** Returns whether so many numbers are unused that the log should be renumbered. */
  boolean wantsCompaction() {
    return size > INDEX_FROM && live < size / 2;
  }

  /**
   * Adds an occurrence of an item to the log and returns the item's number. Keeps a reference to
   * {@code name}.
   */
  int acquire(byte[] name) {
    int hash = spread(Arrays.hashCode(name));
    int id = find(name, hash);
    if (id < 0) {
      id = append(name, hash);
    }
    if (counts[id * STRIDE]++ == 0) {
      live++;
    }
    return id;
  }

  /** Removes an occurrence of an item from the log. */
  void release(int id) {
    if (--counts[id * STRIDE] == 0) {
      live--;
    }
  }

  void enter(int window, int id) {
    if (counts[id * STRIDE + 1 + window]++ == 0) {
      distinct[window]++;
    }
  }

  void leave(int window, int id) {
    if (--counts[id * STRIDE + 1 + window] == 0) {
      distinct[window]--;
    }
  }

  /**
   * Removes the unused numbers. Returns the new number for each old one, or -1 for a removed
   * number.
   */
  int[] compact() {
    int[] renumbered = new int[size];
    int next = 0;
    for (int id = 0; id < size; id++) {
      if (!isLive(id)) {
        renumbered[id] = -1;
        continue;
      }
      renumbered[id] = next;
      names[next] = names[id];
      hashes[next] = hashes[id];
      System.arraycopy(counts, id * STRIDE, counts, next * STRIDE, STRIDE);
      next++;
    }
    int capacity = Math.max(4, next + next / 2);
    names = Arrays.copyOf(names, capacity);
    Arrays.fill(names, next, capacity, null);
    hashes = Arrays.copyOf(hashes, capacity);
    counts = Arrays.copyOf(counts, capacity * STRIDE);
    Arrays.fill(counts, next * STRIDE, counts.length, 0);
    size = next;
    index = new int[] {};
    return renumbered;
  }

  private int find(byte[] name, int hash) {
    if (size <= INDEX_FROM) {
      for (int id = 0; id < size; id++) {
        if (hashes[id] == hash && Arrays.equals(names[id], name)) {
          return id;
        }
      }
      return -1;
    }
    if (index.length == 0) {
      rebuildIndex();
    }
    int mask = index.length - 1;
    for (int slot = hash & mask; index[slot] != 0; slot = (slot + 1) & mask) {
      int id = index[slot] - 1;
      if (hashes[id] == hash && Arrays.equals(names[id], name)) {
        return id;
      }
    }
    return -1;
  }

  private int append(byte[] name, int hash) {
    if (size == names.length) {
      int capacity = size + (size >> 1) + 1;
      names = Arrays.copyOf(names, capacity);
      hashes = Arrays.copyOf(hashes, capacity);
      counts = Arrays.copyOf(counts, capacity * STRIDE);
    }
    int id = size++;
    names[id] = name;
    hashes[id] = hash;
    if (index.length > 0) {
      if (size * 2 > index.length) {
        rebuildIndex();
      } else {
        put(id);
      }
    }
    return id;
  }

  /**
   * Rebuilds the index, a hash table with open addressing that is at most half full. A slot
   * contains a number plus one.
   */
  private void rebuildIndex() {
    index = new int[Integer.highestOneBit(Math.max(size, INDEX_FROM)) * 4];
    for (int id = 0; id < size; id++) {
      put(id);
    }
  }

  private void put(int id) {
    int mask = index.length - 1;
    int slot = hashes[id] & mask;
    while (index[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    index[slot] = id + 1;
  }

  private static int spread(int hash) {
    return hash ^ (hash >>> 16);
  }
}
