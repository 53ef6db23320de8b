package io.dimstore.dynamodb;

import io.dimstore.spi.Key;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the writes of one key one after the other in the order in which they came, and those of
 * different keys side by side: of two writes of equal version the later then stands (R3).
 * Thread-safe; never blocks.
 */
final class KeyLanes {

  private final Map<Key, Queue<Deferred<?>>> lanes = new ConcurrentHashMap<>();

  /** Runs the work when the writes before it of this key have ended. */
  <T> CompletableFuture<T> submit(Key key, Supplier<CompletableFuture<T>> work) {
    Deferred<T> write = new Deferred<>(work);
    if (isFirst(key, write)) {
      runFrom(key, write);
    }
    return write.result();
  }

  /** A loop and no recursion: a long lane may fail at once when the store closes. */
  private void runFrom(Key key, @Nullable Deferred<?> first) {
    Deferred<?> write = first;
    while (write != null) {
      CompletableFuture<?> running = write.begin();
      if (!running.isDone()) {
        running.whenComplete((value, failure) -> runFrom(key, next(key)));
        return;
      }
      write = next(key);
    }
  }

  private boolean isFirst(Key key, Deferred<?> write) {
    boolean[] first = new boolean[1];
    lanes.compute(
        key,
        (k, lane) -> {
          if (lane == null) {
            first[0] = true;
            return new ArrayDeque<>(2);
          }
          lane.add(write);
          return lane;
        });
    return first[0];
  }

  private @Nullable Deferred<?> next(Key key) {
    @Nullable Deferred<?>[] next = new Deferred<?>[1];
    lanes.computeIfPresent(
        key,
        (k, lane) -> {
          next[0] = lane.poll();
          return next[0] == null ? null : lane;
        });
    return next[0];
  }
}
