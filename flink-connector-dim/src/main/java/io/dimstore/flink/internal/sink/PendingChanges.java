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
 * contain the same key.
 *
 * <p>If the writer continues after a refused change, the changes that a newer one of their key has
 * replaced are kept until the store has written that one. If the store refuses it, the newest of
 * the kept changes waits in its place. A kept change always belongs to a newer one that waits or is
 * in flight, so nothing is kept once every change was written or refused. Otherwise nothing is
 * kept. Not thread-safe.
 */
final class PendingChanges {

  private final Map<Key, Slot> slots = new HashMap<>();
  private final ArrayDeque<Slot> ready = new ArrayDeque<>();
  private final boolean keepsReplaced;
  private int waiting;
  private int kept;

  /**
   * Creates an instance without changes.
   *
   * @param keepsReplaced whether replaced changes are kept, because the store may refuse a change
   */
  PendingChanges(boolean keepsReplaced) {
    this.keepsReplaced = keepsReplaced;
  }

  /** The state of a key that has a waiting change or is held. */
  private static final class Slot {
    private @Nullable Change next;
    private boolean held;
    private @Nullable Replaced replaced;

    private Slot(Change next) {
      this.next = next;
    }

    private Replaced replaced() {
      Replaced existing = replaced;
      if (existing == null) {
        existing = new Replaced();
        replaced = existing;
      }
      return existing;
    }
  }

  /**
   * The replaced changes of a key. Both lists have the oldest version first; equal versions are in
   * the order of their arrival.
   */
  private static final class Replaced {
    /** Older than the change in flight, and added before it was taken. */
    private List<Change> byHeld = List.of();

    /** Older than the waiting change, and added since the last change was taken. */
    private List<Change> byNext = new ArrayList<>();

    private static void insert(List<Change> sorted, Change change) {
      int at = sorted.size();
      while (at > 0 && sorted.get(at - 1).version() > change.version()) {
        at--;
      }
      sorted.add(at, change);
    }
  }

  /**
   * Adds a change.
   *
   * @return true if it waits beside all others; false if another change of its key was waiting, so
   *     that the newer one of the two waits now
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
    Change next = slot.next;
    if (next == null) {
      waiting++;
      slot.next = change;
      return true;
    }
    boolean replaces = change.version() >= next.version();
    if (keepsReplaced) {
      Replaced.insert(slot.replaced().byNext, replaces ? next : change);
      kept++;
    }
    if (replaces) {
      slot.next = change;
    }
    return false;
  }

  /** Returns the number of waiting changes, including those of held keys. */
  int waiting() {
    return waiting;
  }

  /** Returns the number of waiting changes and of kept ones. */
  int size() {
    return waiting + kept;
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
        Replaced replaced = slot.replaced;
        if (replaced != null) {
          replaced.byHeld = replaced.byNext;
          replaced.byNext = new ArrayList<>();
        }
      }
    }
    return batch;
  }

  /** Drops the changes that the written ones have replaced. The keys remain held. */
  void written(List<Change> taken) {
    if (kept == 0) {
      return;
    }
    for (Change change : taken) {
      Slot slot = slots.get(change.key());
      Replaced replaced = slot == null ? null : slot.replaced;
      if (slot != null && replaced != null) {
        kept -= replaced.byHeld.size();
        replaced.byHeld = List.of();
        if (replaced.byNext.isEmpty()) {
          slot.replaced = null;
        }
      }
    }
  }

  /**
   * Releases the key of a change that the store has refused. The newest of the key's other changes
   * then waits: one that the refused change had replaced, or one that was added later.
   *
   * @return whether the change that waits now had been replaced by the refused one
   */
  boolean refused(Change taken) {
    Slot slot = slots.get(taken.key());
    if (slot == null || !slot.held) {
      return false;
    }
    boolean again = slot.replaced != null && waitsAgain(slot, slot.replaced);
    slot.held = false;
    if (slot.next == null) {
      slots.remove(taken.key());
    } else {
      ready.add(slot);
    }
    return again;
  }

  /** Lets the newest of all changes of a key wait, and keeps the others. */
  private boolean waitsAgain(Slot slot, Replaced replaced) {
    List<Change> all = new ArrayList<>(replaced.byHeld);
    replaced.byHeld = List.of();
    int before = all.size();
    if (before == 0) {
      return false;
    }
    for (Change change : replaced.byNext) {
      Replaced.insert(all, change);
    }
    Change next = slot.next;
    if (next == null) {
      kept--;
      waiting++;
    } else {
      Replaced.insert(all, next);
    }
    Change newest = all.remove(all.size() - 1);
    replaced.byNext = all;
    slot.next = newest;
    return newest != next;
  }

  /**
   * Releases the keys of changes that were taken. A change of such a key that was added since then
   * gets a version above that of the released change, if its own is not above it.
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
      if (time > change.version()) {
        slot.next = above(change.version(), next);
        if (slot.replaced != null) {
          slot.replaced.byNext.replaceAll(older -> above(change.version(), older));
        }
      }
      ready.add(slot);
    }
  }

  private static Change above(long version, Change change) {
    if (change.version() > version) {
      return change;
    }
    return change instanceof Put put
        ? new Put(change.key(), put.row(), version + 1, put.expiresAtMillis())
        : new Delete(change.key(), version + 1);
  }
}
