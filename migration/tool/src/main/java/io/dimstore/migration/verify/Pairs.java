// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.verify;

import io.dimstore.migration.hash.Digest;
import io.dimstore.spi.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Matches the rows of both sides by key, in whatever order they arrive. A pair of equal rows is
 * forgotten at once; what is left at the end is suspicious. Thread-safe.
 */
final class Pairs {

  private static final int STRIPES = 256;

  private final List<Map<Key, Suspect>> stripes = new ArrayList<>(STRIPES);
  private final AtomicInteger held = new AtomicInteger();
  private final AtomicLong equal = new AtomicLong();
  private final int limit;
  private volatile boolean overflowed;

  /**
   * A key that has no equal partner.
   *
   * @param fromRows rows of the key that the source returned
   * @param toRows rows of the key that the target returned
   */
  record Suspect(@Nullable Digest from, @Nullable Digest to, int fromRows, int toRows) {}

  /**
   * Creates an empty set of pairs.
   *
   * @param limit the most keys to hold; beyond it the pairs are {@link #overflowed}
   */
  Pairs(int limit) {
    this.limit = limit;
    for (int i = 0; i < STRIPES; i++) {
      stripes.add(new HashMap<>());
    }
  }

  /** Adds a row. */
  void add(boolean ofSource, Key key, long keyHash, Digest digest) {
    if (overflowed) {
      return;
    }
    Map<Key, Suspect> stripe = stripes.get((int) (keyHash & (STRIPES - 1)));
    synchronized (stripe) {
      Suspect before = stripe.get(key);
      Suspect now =
          new Suspect(
              ofSource ? digest : before == null ? null : before.from,
              ofSource ? before == null ? null : before.to : digest,
              (before == null ? 0 : before.fromRows) + (ofSource ? 1 : 0),
              (before == null ? 0 : before.toRows) + (ofSource ? 0 : 1));
      if (now.from != null && now.from.equals(now.to) && now.fromRows == 1 && now.toRows == 1) {
        stripe.remove(key);
        held.getAndDecrement();
        equal.getAndIncrement();
        return;
      }
      stripe.put(key, now);
      if (before == null && held.incrementAndGet() > limit) {
        overflowed = true;
      }
    }
  }

  /** Adds a row that cannot be decoded, so that its key has no equal partner. */
  void addUnreadable(boolean ofSource, Key key, long keyHash) {
    Map<Key, Suspect> stripe = stripes.get((int) (keyHash & (STRIPES - 1)));
    synchronized (stripe) {
      Suspect before = stripe.get(key);
      stripe.put(
          key,
          new Suspect(
              before == null ? null : before.from,
              before == null ? null : before.to,
              (before == null ? 0 : before.fromRows) + (ofSource ? 1 : 0),
              (before == null ? 0 : before.toRows) + (ofSource ? 0 : 1)));
      if (before == null) {
        held.getAndIncrement();
      }
    }
  }

  /** Whether there were more keys than the limit, so that some were not added. */
  boolean overflowed() {
    return overflowed;
  }

  /** Returns the number of pairs that were equal. */
  long equal() {
    return equal.get();
  }

  /** Frees the memory of pairs that overflowed. */
  void clear() {
    for (Map<Key, Suspect> stripe : stripes) {
      synchronized (stripe) {
        stripe.clear();
      }
    }
  }

  /** Returns the keys that have no equal partner. Nothing may be added meanwhile. */
  Map<Key, Suspect> suspects() {
    Map<Key, Suspect> all = new HashMap<>();
    stripes.forEach(all::putAll);
    return all;
  }
}
