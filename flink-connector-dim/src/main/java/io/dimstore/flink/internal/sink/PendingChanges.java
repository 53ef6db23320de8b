// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a writer that wait to be sent. At most one change waits for each key: the newest.
 * A key whose change was taken is held until it is released, so that no two writes in flight
 * contain the same key. Not thread-safe.
 */
final class PendingChanges {

  private final Map<Key, Slot> slots = new HashMap<>();
  private final ArrayDeque<Slot> ready = new ArrayDeque<>();
  private int waiting;

  /** The state of a key that has a waiting change or is held. */
  private static final class Slot {
    private @Nullable Change next;
    private boolean held;

    private Slot(Change next) {
      this.next = next;
    }
  }

  /**
   * Adds a change.
   *
   * @return true if this change is now waiting; false if a newer change of its key is waiting
   */
  boolean add(Change change) {
    Slot slot = slots.get(change.key());
    if (slot == null) {
      Slot first = new Slot(change);
      slots.put(change.key(), first);
      ready.add(first);
      waiting++;
      return true;
    }
    Change held = slot.next;
    if (held == null) {
      waiting++;
    } else if (change.version() < held.version()) {
      return false;
    }
    slot.next = change;
    return true;
  }

  /** Returns the number of waiting changes, including those of held keys. */
  int waiting() {
    return waiting;
  }

  /** Returns whether a change is waiting whose key is not held. */
  boolean hasReady() {
    return !ready.isEmpty();
  }

  /**
   * Takes up to {@code max} changes in the order in which their keys arrived, and holds the keys.
   */
  List<Change> take(int max) {
    List<Change> batch = new ArrayList<>(Math.min(max, ready.size()));
    while (batch.size() < max && !ready.isEmpty()) {
      Slot slot = ready.remove();
      Change change = slot.next;
      if (change != null) {
        slot.next = null;
        slot.held = true;
        waiting--;
        batch.add(change);
      }
    }
    return batch;
  }

  /**
   * Releases the keys of changes that were taken. A waiting change of such a key gets the version
   * after that of the preceding change, if its own version is not above that.
   *
   * @param time the greatest version that a change may get; 0 if rows carry their versions
   */
  void release(List<Change> taken, long time) {
    for (Change change : taken) {
      Key key = change.key();
      Slot slot = slots.get(key);
      if (slot == null || !slot.held) {
        continue;
      }
      slot.held = false;
      Change next = slot.next;
      if (next == null) {
        slots.remove(key);
        continue;
      }
      if (next.version() <= change.version() && time > change.version()) {
        long version = change.version() + 1;
        slot.next =
            next instanceof Put put
                ? new Put(key, put.row(), version, put.expiresAtMillis())
                : new Delete(key, version);
      }
      ready.add(slot);
    }
  }
}
