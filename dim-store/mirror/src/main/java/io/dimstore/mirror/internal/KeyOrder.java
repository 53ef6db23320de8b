// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import io.dimstore.spi.Key;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Runs the writes of each key one after the other, so that both sides get concurrent writes of
 * equal version in the same order (R3c). All keys of a write are entered at once, so that no two
 * writes wait for each other. Thread-safe.
 */
final class KeyOrder {

  private final Map<Key, CompletableFuture<Void>> last = new HashMap<>();

  /** Runs the work when all earlier work of these keys has ended, successfully or not. */
  <T> CompletionStage<T> run(Collection<Key> keys, Supplier<CompletionStage<T>> work) {
    CompletableFuture<Void> mine = new CompletableFuture<>();
    HashSet<Key> distinct = new HashSet<>(keys);
    List<CompletableFuture<Void>> before = new ArrayList<>(0);
    synchronized (this) {
      for (Key key : distinct) {
        CompletableFuture<Void> earlier = last.put(key, mine);
        if (earlier != null) {
          before.add(earlier);
        }
      }
    }
    CompletionStage<T> done =
        before.isEmpty()
            ? started(work)
            : CompletableFuture.allOf(before.toArray(new CompletableFuture<?>[0]))
                .thenCompose(ready -> started(work));
    return done.whenComplete((value, failure) -> end(distinct, mine));
  }

  private static <T> CompletionStage<T> started(Supplier<CompletionStage<T>> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void end(Collection<Key> keys, CompletableFuture<Void> mine) {
    synchronized (this) {
      for (Key key : keys) {
        last.remove(key, mine);
      }
    }
    mine.complete(null);
  }
}
