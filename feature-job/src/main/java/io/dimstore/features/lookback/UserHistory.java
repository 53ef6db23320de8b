// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

import io.dimstore.features.input.EventKind;
import java.util.Arrays;
import java.util.BitSet;

/**
 * One user's events, sorted by time and, if times are equal, by arrival, with the running totals of
 * each window that ends at the newest event.
 *
 * <p>An event that is not older than the newest one updates the running totals. A late event is
 * computed by a scan, and is then added to the totals of the windows that still contain it. In both
 * cases the result covers exactly the events with a time in (t - width, t] that have arrived so
 * far, including the event itself.
 *
 * <p>Not thread-safe.
 */
final class UserHistory implements History {

  private static final int KIND_BITS = 3;
  private static final int KIND_MASK = (1 << KIND_BITS) - 1;
  private static final int LAST = LookBackWindows.COUNT - 1;

  private long[] times;
  private long[] amounts;
  // A tag holds the item number and the kind.
  private int[] tags;
  private int start;
  private int end;
  private ItemCounts items;

  // Per window: the first entry inside it, and its totals.
  private final int[] from = new int[LookBackWindows.COUNT];
  private final long[] buys = new long[LookBackWindows.COUNT];
  private final long[] returns = new long[LookBackWindows.COUNT];
  private final long[] spend = new long[LookBackWindows.COUNT];
  private final long[] returned = new long[LookBackWindows.COUNT];

  UserHistory() {
    this(8);
  }

  UserHistory(int capacity) {
    times = new long[Math.max(capacity, 1)];
    amounts = new long[times.length];
    tags = new int[times.length];
    items = new ItemCounts();
  }

  UserHistory copy() {
    UserHistory copy = new UserHistory(size());
    System.arraycopy(times, start, copy.times, 0, size());
    System.arraycopy(amounts, start, copy.amounts, 0, size());
    System.arraycopy(tags, start, copy.tags, 0, size());
    copy.end = size();
    copy.items = items.copy();
    for (int w = 0; w < LookBackWindows.COUNT; w++) {
      copy.from[w] = from[w] - start;
      copy.buys[w] = buys[w];
      copy.returns[w] = returns[w];
      copy.spend[w] = spend[w];
      copy.returned[w] = returned[w];
    }
    return copy;
  }

  int size() {
    return end - start;
  }

  long time(int i) {
    return times[start + i];
  }

  long amount(int i) {
    return amounts[start + i];
  }

  EventKind kind(int i) {
    return EventKind.ofCode(tags[start + i] & KIND_MASK);
  }

  int item(int i) {
    return tags[start + i] >>> KIND_BITS;
  }

  ItemCounts items() {
    return items;
  }

  /**
   * Adds an event and computes its look-back. An event that is more than {@code lateness} older
   * than the newest event of this user is refused.
   *
   * @param item the item's name; a reference is kept, so the array must not be modified afterwards
   * @param amount minor units
   * @param lateness milliseconds
   * @param out receives the look-back; unchanged if the event is refused
   * @return false if the event is too late; nothing was changed
   */
  boolean add(long time, byte[] item, EventKind kind, long amount, long lateness, LookBack out) {
    if (size() > 0 && time < times[end - 1] - lateness) {
      return false;
    }
    int tag = items.acquire(item) << KIND_BITS | kind.code();
    if (size() == 0 || time >= times[end - 1]) {
      insert(end, time, amount, tag);
      advance(time);
      prune(time - LookBackWindows.width(LAST) - lateness);
      for (int w = 0; w < LookBackWindows.COUNT; w++) {
        out.set(w, end - from[w], buys[w], returns[w], spend[w], returned[w], items.distinct(w));
      }
    } else {
      scan(insertLate(time, amount, tag), time, out);
    }
    return true;
  }

  /** Appends an entry of a stored history. The totals are computed later, by {@link #restored}. */
  void restore(long time, byte[] item, EventKind kind, long amount) {
    insert(end, time, amount, items.acquire(item) << KIND_BITS | kind.code());
  }

  /** Computes the totals. Must be called after the last {@link #restore}. */
  void restored() {
    for (int w = 0; w < LookBackWindows.COUNT; w++) {
      from[w] = end;
      if (size() > 0) {
        long after = times[end - 1] - LookBackWindows.width(w);
        while (from[w] > start && times[from[w] - 1] > after) {
          enter(w, --from[w]);
        }
      }
    }
  }

  private void advance(long newest) {
    for (int w = 0; w < LookBackWindows.COUNT; w++) {
      enter(w, end - 1);
      long after = newest - LookBackWindows.width(w);
      while (times[from[w]] <= after) {
        leave(w, from[w]++);
      }
    }
  }

  private int insertLate(long time, long amount, int tag) {
    int at = upperBound(time) - start;
    insert(start + at, time, amount, tag);
    // Inserting may have moved the entries.
    at += start;
    long newest = times[end - 1];
    for (int w = 0; w < LookBackWindows.COUNT; w++) {
      if (time > newest - LookBackWindows.width(w)) {
        enter(w, at);
      } else {
        from[w]++;
      }
    }
    return at;
  }

  /**
   * Computes the look-back in one pass backwards from the event. The entries of a shorter window
   * are also the newest entries of each longer one, so the totals are carried on from window to
   * window.
   */
  private void scan(int at, long time, LookBack out) {
    BitSet seen = new BitSet(items.size());
    long boughtSum = 0;
    long returnedSum = 0;
    int bought = 0;
    int broughtBack = 0;
    int distinct = 0;
    int i = at;
    for (int w = 0; w < LookBackWindows.COUNT; w++) {
      long after = time - LookBackWindows.width(w);
      for (; i >= start && times[i] > after; i--) {
        EventKind kind = EventKind.ofCode(tags[i] & KIND_MASK);
        if (kind == EventKind.BUY) {
          bought++;
          boughtSum += amounts[i];
        } else if (kind == EventKind.RETURN) {
          broughtBack++;
          returnedSum += amounts[i];
        }
        int item = tags[i] >>> KIND_BITS;
        if (!seen.get(item)) {
          seen.set(item);
          distinct++;
        }
      }
      out.set(w, at - i, bought, broughtBack, boughtSum, returnedSum, distinct);
    }
  }

  private void enter(int w, int i) {
    count(w, i, 1);
    items.enter(w, tags[i] >>> KIND_BITS);
  }

  private void leave(int w, int i) {
    count(w, i, -1);
    items.leave(w, tags[i] >>> KIND_BITS);
  }

  private void count(int w, int i, int sign) {
    EventKind kind = EventKind.ofCode(tags[i] & KIND_MASK);
    if (kind == EventKind.BUY) {
      buys[w] += sign;
      spend[w] += sign * amounts[i];
    } else if (kind == EventKind.RETURN) {
      returns[w] += sign;
      returned[w] += sign * amounts[i];
    }
  }

  /** Removes the entries that no window of a future event can reach. */
  private void prune(long upTo) {
    while (times[start] <= upTo) {
      items.release(tags[start] >>> KIND_BITS);
      start++;
    }
    if (items.wantsCompaction()) {
      int[] renumbered = items.compact();
      for (int i = start; i < end; i++) {
        tags[i] = renumbered[tags[i] >>> KIND_BITS] << KIND_BITS | (tags[i] & KIND_MASK);
      }
    }
  }

  /** Returns the index after the last entry that is not newer than {@code time}. */
  private int upperBound(long time) {
    int low = start;
    int high = end;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (times[middle] <= time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void insert(int at, long time, long amount, int tag) {
    int offset = at - start;
    if (end == times.length) {
      makeRoom();
    }
    int i = start + offset;
    int behind = end - i;
    if (behind > 0) {
      System.arraycopy(times, i, times, i + 1, behind);
      System.arraycopy(amounts, i, amounts, i + 1, behind);
      System.arraycopy(tags, i, tags, i + 1, behind);
    }
    times[i] = time;
    amounts[i] = amount;
    tags[i] = tag;
    end++;
  }

  private void makeRoom() {
    int size = size();
    int capacity = size < times.length / 2 ? times.length : size + (size >> 1) + 1;
    if (capacity == times.length) {
      System.arraycopy(times, start, times, 0, size);
      System.arraycopy(amounts, start, amounts, 0, size);
      System.arraycopy(tags, start, tags, 0, size);
    } else {
      times = Arrays.copyOfRange(times, start, start + capacity);
      amounts = Arrays.copyOfRange(amounts, start, start + capacity);
      tags = Arrays.copyOfRange(tags, start, start + capacity);
    }
    for (int w = 0; w < LookBackWindows.COUNT; w++) {
      from[w] -= start;
    }
    end = size;
    start = 0;
  }
}
