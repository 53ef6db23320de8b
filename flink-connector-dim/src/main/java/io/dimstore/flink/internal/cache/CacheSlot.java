// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.cache;

import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The place of a key in a cache. Its monitor guards the entry, the load and the removal. */
final class CacheSlot {

  final Key key;

  /** Written under the monitor, read by lookups without it. */
  volatile @Nullable CacheEntry entry;

  /** When a read of the key that ended, or a change, has set the entry last, or a page began it. */
  long setNanos;

  /** The read of the key that is under way, whose row the cache will keep. */
  @Nullable Load load;

  /** How many reads are under way: the load, and those that it replaced. */
  int reads;

  /** Whether the slot is no longer in the map. It then never changes again. */
  boolean removed;

  /**
   * Whether a lookup used the entry since the eviction passed by last. It is written without a
   * lock: a lost write makes an entry one round younger or older.
   */
  boolean used;

  /** The fields below belong to {@link CacheMap}. */
  @Nullable CacheSlot newer;

  @Nullable CacheSlot older;
  long bytes;

  CacheSlot(Key key) {
    this.key = key;
  }

  /** A read of one key, on which several lookups may wait. */
  static final class Load {

    final CompletableFuture<@Nullable Put> answer = new CompletableFuture<>();
    final long beganNanos;

    /**
     * Whether the key may have changed since the read saw it, by the change feed or another read.
     */
    boolean overtaken;

    Load(long beganNanos) {
      this.beganNanos = beganNanos;
    }
  }
}
