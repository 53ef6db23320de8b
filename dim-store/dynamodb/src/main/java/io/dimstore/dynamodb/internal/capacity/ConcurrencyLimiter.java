// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.capacity;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.support.Deadline;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits the number of requests in flight. Other requests wait, in the order of their arrival. A
 * request whose deadline passes while it waits fails without being sent. Thread-safe; never blocks.
 */
public final class ConcurrencyLimiter {

  private final int limit;
  private final AtomicInteger free;
  private final Queue<DeferredCall<?>> waiting = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  public ConcurrencyLimiter(int limit) {
    this.limit = limit;
    this.free = new AtomicInteger(limit);
  }

  /**
   * Runs the work as soon as the limit allows. The future fails with what the work throws, with
   * TIMEOUT if the deadline has passed before the work could begin, and with CLOSED after {@link
   * #close}.
   */
  public <T> CompletableFuture<T> submit(Deadline deadline, Supplier<CompletableFuture<T>> work) {
    return submit(
        () -> {
          if (deadline.isOver()) {
            throw new StoreException(
                StoreException.Kind.TIMEOUT, "The deadline passed before the request was sent");
          }
          return work.get();
        });
  }

  /** Runs work that checks deadlines itself, since it chooses its keys only when it runs. */
  public <T> CompletableFuture<T> submit(Supplier<CompletableFuture<T>> work) {
    DeferredCall<T> request =
        new DeferredCall<>(
            () -> {
              if (closed) {
                throw new StoreException(
                    StoreException.Kind.CLOSED, "The store was closed before the request was sent");
              }
              return work.get();
            });
    waiting.add(request);
    if (acquire()) {
      runFrom(nextOrRelease());
    }
    return request.result();
  }

  /** Sends no further request: waiting and later requests fail CLOSED when their turn comes. */
  public void close() {
    closed = true;
  }

  /** Returns whether no request is in flight. */
  public boolean isIdle() {
    return free.get() == limit;
  }

  /**
   * Runs this request, and the next ones as long as each has ended when {@code begin} returns. This
   * is a loop instead of a recursion, because thousands of waiting requests may fail at once when
   * the store closes.
   */
  private void runFrom(@Nullable DeferredCall<?> first) {
    DeferredCall<?> request = first;
    while (request != null) {
      CompletableFuture<?> running = request.begin();
      if (!running.isDone()) {
        running.whenComplete((value, failure) -> runFrom(nextOrRelease()));
        return;
      }
      request = nextOrRelease();
    }
  }

  private @Nullable DeferredCall<?> nextOrRelease() {
    while (true) {
      DeferredCall<?> next = waiting.poll();
      if (next != null) {
        return next;
      }
      free.incrementAndGet();
      // A request may have been added between poll and increment, when acquire still failed.
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
