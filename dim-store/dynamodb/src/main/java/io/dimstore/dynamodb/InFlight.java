package io.dimstore.dynamodb;

import io.dimstore.spi.Deadline;
import io.dimstore.spi.StoreException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many requests are under way; the others wait in the order in which they came. What
 * waits past its deadline fails without being sent. Thread-safe; never blocks.
 */
final class InFlight {

  private final int limit;
  private final AtomicInteger free;
  private final Queue<Deferred<?>> waiting = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  InFlight(int limit) {
    this.limit = limit;
    this.free = new AtomicInteger(limit);
  }

  /** Runs the work as soon as there is room; what it throws fails the future. */
  <T> CompletableFuture<T> submit(Deadline deadline, Supplier<CompletableFuture<T>> work) {
    return submit(
        () -> {
          if (deadline.isOver()) {
            throw new StoreException(
                StoreException.Kind.TIMEOUT, "The deadline was over before the request left");
          }
          return work.get();
        });
  }

  /** The same for work that minds its deadlines itself: what it is about is known when it runs. */
  <T> CompletableFuture<T> submit(Supplier<CompletableFuture<T>> work) {
    Deferred<T> request =
        new Deferred<>(
            () -> {
              if (closed) {
                throw new StoreException(
                    StoreException.Kind.CLOSED, "The store was closed before the request left");
              }
              return work.get();
            });
    waiting.add(request);
    if (acquire()) {
      runFrom(nextOrRelease());
    }
    return request.result();
  }

  /** From now on nothing is sent: what waits fails CLOSED. */
  void close() {
    closed = true;
  }

  /** Whether nothing is under way. */
  boolean isIdle() {
    return free.get() == limit;
  }

  /**
   * Runs this request, and those after it for as long as they end at once. A loop and no recursion:
   * thousands of waiting requests may fail at once when the store closes.
   */
  private void runFrom(@Nullable Deferred<?> first) {
    Deferred<?> request = first;
    while (request != null) {
      CompletableFuture<?> running = request.begin();
      if (!running.isDone()) {
        running.whenComplete((value, failure) -> runFrom(nextOrRelease()));
        return;
      }
      request = nextOrRelease();
    }
  }

  private @Nullable Deferred<?> nextOrRelease() {
    while (true) {
      Deferred<?> next = waiting.poll();
      if (next != null) {
        return next;
      }
      free.incrementAndGet();
      // One may have come between the look and the release, and found no room.
      if (waiting.isEmpty() || !acquire()) {
        return null;
      }
    }
  }

  private boolean acquire() {
    int left = free.get();
    while (left > 0) {
      if (free.compareAndSet(left, left - 1)) {
        return true;
      }
      left = free.get();
    }
    return false;
  }
}
