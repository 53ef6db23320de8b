// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.cache;

import io.dimstore.spi.Key;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a cache by key, bounded by the estimated bytes of their entries. The eviction is
 * SIEVE: a hand moves from the oldest entry to the newest, evicts an entry that no lookup used
 * since it passed by last, and spares the others. So a lookup that finds its entry moves nothing
 * and takes no lock, and keys that are used once leave before those that are used again.
 *
 * <p>Thread-safe. The lock of the order may be held while the monitor of a slot is taken, never the
 * other way round.
 */
final class CacheMap {

  /** Receives changes of the size, under locks. */
  interface Listener {
    void resized(long bytes, long entries);

    /** An entry is about to be evicted. */
    void evicts(CacheEntry entry);
  }

  private final ConcurrentHashMap<Key, CacheSlot> slots = new ConcurrentHashMap<>();
  private final long maxBytes;
  private final Listener listener;

  private final Object order = new Object();
  private @Nullable CacheSlot newest;
  private @Nullable CacheSlot oldest;
  private @Nullable CacheSlot hand;
  private long bytes;
  private long entries;

  CacheMap(long maxBytes, Listener listener) {
    this.maxBytes = maxBytes;
    this.listener = listener;
  }

  @Nullable CacheSlot get(Key key) {
    return slots.get(key);
  }

  /** Returns the slot of a key. It may have been removed when its monitor is taken. */
  CacheSlot getOrAdd(Key key) {
    CacheSlot slot = slots.get(key);
    return slot == null ? slots.computeIfAbsent(key, CacheSlot::new) : slot;
  }

  Collection<CacheSlot> all() {
    return slots.values();
  }

  /** Removes a slot without an entry or a read. The caller holds its monitor. */
  void removeIfEmpty(CacheSlot slot) {
    if (slot.entry == null && slot.reads == 0 && !slot.removed) {
      slot.removed = true;
      slots.remove(slot.key, slot);
    }
  }

  /**
   * Counts the bytes of a slot whose entry has changed, and evicts entries while there are too many
   * bytes. The caller holds no monitor of a slot.
   */
  void changed(CacheSlot slot) {
    synchronized (order) {
      CacheEntry entry = slot.entry;
      long size = entry == null ? 0 : RowSize.of(slot.key, entry.row());
      if (size > maxBytes) {
        evict(slot);
        return;
      }
      if (isRemoved(slot) || size == 0) {
        unlink(slot);
        return;
      }
      if (slot.bytes == 0) {
        link(slot);
      }
      long grown = size - slot.bytes;
      slot.bytes = size;
      resized(grown, 0);
      shrink();
    }
  }

  /**
   * Removes an entry, unless it is to be kept. The caller holds no monitor of a slot.
   *
   * @param isKept decides about the present entry, under the monitor of the slot
   */
  void removeUnless(CacheSlot slot, Predicate<@Nullable CacheEntry> isKept) {
    synchronized (order) {
      synchronized (slot) {
        if (!isKept.test(slot.entry)) {
          clear(slot, false);
        }
      }
    }
  }

  void clear() {
    synchronized (order) {
      slots.values().forEach(slot -> clear(slot, false));
    }
  }

  private static boolean isRemoved(CacheSlot slot) {
    synchronized (slot) {
      return slot.removed;
    }
  }

  /**
   * Evicts entries until they fit. The slot of a key that is being read stays, without its entry.
   */
  private void shrink() {
    for (long steps = 2 * entries; bytes > maxBytes && steps > 0; steps--) {
      CacheSlot slot = hand == null ? oldest : hand;
      if (slot == null) {
        return;
      }
      hand = slot.newer;
      if (slot.used) {
        slot.used = false;
      } else {
        evict(slot);
      }
    }
  }

  private void evict(CacheSlot slot) {
    clear(slot, true);
  }

  private void clear(CacheSlot slot, boolean evicts) {
    synchronized (slot) {
      CacheEntry entry = slot.entry;
      if (evicts && entry != null) {
        listener.evicts(entry);
      }
      slot.entry = null;
      if (slot.load != null) {
        // The read may have seen an older row than the entry had.
        slot.load.overtaken = true;
      }
      removeIfEmpty(slot);
    }
    unlink(slot);
  }

  private void link(CacheSlot slot) {
    slot.older = newest;
    if (newest == null) {
      oldest = slot;
    } else {
      newest.newer = slot;
    }
    newest = slot;
    resized(0, 1);
  }

  private void unlink(CacheSlot slot) {
    if (slot.bytes == 0) {
      return;
    }
    CacheSlot newer = slot.newer;
    CacheSlot older = slot.older;
    if (hand == slot) {
      hand = newer;
    }
    if (newer == null) {
      newest = older;
    } else {
      newer.older = older;
    }
    if (older == null) {
      oldest = newer;
    } else {
      older.newer = newer;
    }
    slot.newer = null;
    slot.older = null;
    long freed = slot.bytes;
    slot.bytes = 0;
    resized(-freed, -1);
  }

  private void resized(long addedBytes, long addedEntries) {
    bytes += addedBytes;
    entries += addedEntries;
    listener.resized(addedBytes, addedEntries);
  }
}
