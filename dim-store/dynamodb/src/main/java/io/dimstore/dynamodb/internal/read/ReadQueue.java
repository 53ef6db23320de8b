// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.read;

import io.dimstore.dynamodb.internal.read.ReadCall.Wanted;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The keys that wait to be read. A request takes the keys that wait when it is created, of any
 * calls; a key that several calls wait for is requested once. A call never joins a request that has
 * already taken its keys: the call may have begun after a write that the request does not see
 * (R13). Thread-safe; never blocks.
 */
final class ReadQueue {

  private final int maxKeys;
  private final Queue<Wanted> waiting = new ConcurrentLinkedQueue<>();

  /** Creates a queue for requests of at most this many keys. */
  ReadQueue(int maxKeys) {
    this.maxKeys = maxKeys;
  }

  void add(List<Wanted> keys) {
    waiting.addAll(keys);
  }

  /**
   * Takes the keys of a request; none if no key waits. Fails the calls whose deadline has passed.
   */
  Map<Key, Wanted> next() {
    Map<Key, Wanted> batch = new LinkedHashMap<>(2 * maxKeys);
    while (batch.size() < maxKeys) {
      Wanted next = waiting.poll();
      if (next == null) {
        break;
      }
      if (next.call().deadline().isOver()) {
        next.call().fail(late());
      } else {
        next.share(batch.put(next.key(), next));
      }
    }
    return batch;
  }

  static StoreException late() {
    return new StoreException(
        StoreException.Kind.TIMEOUT, "The deadline passed before the request was sent");
  }
}
