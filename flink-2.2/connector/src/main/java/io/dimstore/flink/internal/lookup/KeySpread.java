// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

/**
 * Distributes keys over partitions: a key always to the same one, unless it is hot. A hot key goes
 * to the least loaded of several partitions that begin with its own, the more the hotter it is, so
 * that the others stay even and each cache still sees few keys. (Nasir and others, "When Two
 * Choices Are Not Enough", ICDE 2016, where cold keys have two choices; here they have one, as each
 * further choice is one more read and one more cached row.)
 *
 * <p>Hot keys are found by a vote in the cells of two tables: an event of the cell's key counts for
 * it, any other against it, and at zero the cell gets the key of the event. So a cell holds the key
 * that most of its events have. There are two tables because two hot keys may have the same cell.
 * All counts are halved now and then, so that a key may become hot and cease to be so.
 *
 * <p>A call takes no lock and allocates nothing. Not thread-safe.
 */
final class KeySpread {

  /** The cells of each table. */
  private static final int CELLS = 2_048;

  /** A key is hot from this part of the mean load of a partition on. */
  private static final int HOT_PART = 20;

  /** The least count of a hot key: the shares of the first events say nothing. */
  private static final int LEAST_COUNT = 16;

  /** The partitions of a hot key; it has four more for each mean load of a partition. */
  private static final int LEAST_CHOICES = 8;

  /** At this sum all counts are halved. */
  private static final int MOST = 1 << 17;

  private final int[] hashes = new int[2 * CELLS];
  private final int[] counts = new int[2 * CELLS];
  private final int[] loads;
  private int total;

  KeySpread(int partitions) {
    this.loads = new int[partitions];
  }

  int partitions() {
    return loads.length;
  }

  /**
   * Returns the partition of the next event.
   *
   * @param keyHash a hash of its key, which has to be the same everywhere
   */
  int next(int keyHash) {
    int hash = mixed(keyHash);
    int first = hash & (CELLS - 1);
    int second = (hash >>> 11) & (CELLS - 1);
    int count = Math.max(vote(hash, first), vote(hash, CELLS + second));
    int own = own(hash);
    int partition = own;
    long share = (long) count * loads.length;
    if (count >= LEAST_COUNT && share * HOT_PART >= total) {
      long choices = Math.min(loads.length, LEAST_CHOICES + 4 * share / Math.max(1, total));
      for (int i = 1; i < choices; i++) {
        int other = (own + i) % loads.length;
        if (loads[other] < loads[partition]) {
          partition = other;
        }
      }
    }
    loads[partition]++;
    if (++total == MOST) {
      halve();
    }
    return partition;
  }

  /** Counts the event, and returns the votes for its key; 0 if its cell has another key. */
  private int vote(int hash, int cell) {
    if (hashes[cell] == hash) {
      return ++counts[cell];
    }
    if (counts[cell] > 0) {
      counts[cell]--;
      return 0;
    }
    hashes[cell] = hash;
    counts[cell] = 1;
    return 1;
  }

  /** Returns the partition of a key that is not hot. */
  int home(int keyHash) {
    return own(mixed(keyHash));
  }

  private int own(int hash) {
    // By the upper bits: the lower ones choose the cells.
    return (int) ((Integer.toUnsignedLong(hash) * loads.length) >>> 32);
  }

  private void halve() {
    total /= 2;
    for (int i = 0; i < counts.length; i++) {
      counts[i] /= 2;
    }
    for (int i = 0; i < loads.length; i++) {
      loads[i] /= 2;
    }
  }

  /** The finalizer of MurmurHash3: every bit of the result depends on every bit of the hash. */
  private static int mixed(int hash) {
    int mixed = hash;
    mixed ^= mixed >>> 16;
    mixed *= 0x85ebca6b;
    mixed ^= mixed >>> 13;
    mixed *= 0xc2b2ae35;
    return mixed ^ (mixed >>> 16);
  }
}
