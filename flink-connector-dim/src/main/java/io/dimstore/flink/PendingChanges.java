package io.dimstore.flink;

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
 * The changes of a writer that wait to be sent, at most one for each key: the newest. A key whose
 * change was taken is held until it is released, so that no two writes under way have the same key.
 * Not thread-safe.
 */
final class PendingChanges {

  private final Map<Key, Slot> slots = new HashMap<>();
  private final ArrayDeque<Slot> ready = new ArrayDeque<>();
  private int waiting;

  /** What is known of a key that waits or is held. */
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
   * @return whether it waits now; false where a newer change of its key does
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

  /** How many changes wait, those of held keys included. */
  int waiting() {
    return waiting;
  }

  /** Whether a change waits whose key is not held. */
  boolean hasReady() {
    return !ready.isEmpty();
  }

  /** Takes changes in the order of their keys' arrival, and holds their keys. */
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
   * Releases the keys of changes that were taken.
   *
   * @param time a change that waited for its key gets this version unless its own is above that of
   *     the change before it; 0 where versions come with the rows
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
        slot.next =
            next instanceof Put put
                ? new Put(key, put.row(), time, put.expiresAtMillis())
                : new Delete(key, time);
      }
      ready.add(slot);
    }
  }
}
