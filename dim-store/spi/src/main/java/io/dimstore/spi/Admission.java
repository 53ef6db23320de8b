package io.dimstore.spi;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The gate that every call of a store passes: bounds what is under way, starts the deadline, and
 * fails what is pending when the store closes (R11, R12, R14). Thread-safe; {@link #close} is
 * idempotent.
 */
public final class Admission implements AutoCloseable {

  private final String store;
  private final int maxPending;
  private final Duration deadline;
  private final AtomicLong pending = new AtomicLong();
  private final Set<CompletableFuture<?>> calls = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** A gate for one store, which is named in messages. */
  public Admission(String store, int maxPending, Duration deadline) {
    this.store = store;
    this.maxPending = maxPending;
    this.deadline = deadline;
  }

  /**
   * Runs a call, or refuses it.
   *
   * @param keys how many keys it holds; a call that is larger than the bound is admitted alone
   * @param call starts the work; what it throws fails the stage
   * @return fails with {@link StoreException} alone: other failures become UNAVAILABLE, and the end
   *     of the deadline TIMEOUT even if the work never ends
   */
  public <T extends @Nullable Object> CompletionStage<T> admit(
      int keys, Function<Deadline, ? extends CompletionStage<T>> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    if (closed) {
      result.completeExceptionally(closedException());
      return result;
    }
    long before = pending.getAndAdd(keys);
    if (before > 0 && before + keys > maxPending) {
      pending.addAndGet(-keys);
      result.completeExceptionally(
          new StoreException(
              StoreException.Kind.THROTTLED,
              store
                  + " has "
                  + before
                  + " keys under way and 'max-pending' allows "
                  + maxPending
                  + "; slow down or raise it"));
      return result;
    }
    calls.add(result);
    CompletableFuture<T> timed = new CompletableFuture<>();
    result.whenComplete(
        (value, failure) -> {
          calls.remove(result);
          pending.addAndGet(-keys);
          timed.cancel(false);
        });
    if (closed) {
      result.completeExceptionally(closedException());
      return result;
    }
    timed
        .orTimeout(deadline.toNanos(), TimeUnit.NANOSECONDS)
        .whenComplete(
            (ignored, failure) -> {
              if (failure instanceof TimeoutException) {
                result.completeExceptionally(
                    new StoreException(
                        StoreException.Kind.TIMEOUT,
                        store
                            + " did not answer within 'deadline' ("
                            + Durations.format(deadline)
                            + ")"));
              }
            });
    try {
      call.apply(Deadline.after(deadline))
          .whenComplete(
              (value, failure) -> {
                if (failure == null) {
                  result.complete(value);
                } else {
                  result.completeExceptionally(asStoreException(failure));
                }
              });
    } catch (RuntimeException e) {
      result.completeExceptionally(asStoreException(e));
    }
    return result;
  }

  /** How many keys are under way. */
  public long pending() {
    return pending.get();
  }

  /** Whether the store was closed. */
  public boolean isClosed() {
    return closed;
  }

  /**
   * Refuses calls on a closed store.
   *
   * @throws StoreException CLOSED
   */
  public void requireOpen() {
    if (closed) {
      throw closedException();
    }
  }

  @Override
  public void close() {
    closed = true;
    for (CompletableFuture<?> call : calls) {
      call.completeExceptionally(closedException());
    }
  }

  private StoreException asStoreException(Throwable failure) {
    StoreException known = StoreException.find(failure);
    return known != null
        ? known
        : new StoreException(
            StoreException.Kind.UNAVAILABLE, store + " failed: " + failure.getMessage(), failure);
  }

  private StoreException closedException() {
    return new StoreException(StoreException.Kind.CLOSED, store + " is closed");
  }
}
