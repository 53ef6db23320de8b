package io.dimstore.spi;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
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
  private final Set<Call<?>> calls = ConcurrentHashMap.newKeySet();
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
    if (closed) {
      return CompletableFuture.failedFuture(closedException());
    }
    long before = reserve(keys);
    if (isTooMuch(before, keys)) {
      return CompletableFuture.failedFuture(throttled(before));
    }
    Call<T> admitted = new Call<>(keys);
    calls.add(admitted);
    if (closed) {
      admitted.fail(closedException());
      return admitted.result;
    }
    Deadline end = Deadline.after(deadline);
    try {
      call.apply(end).whenComplete(admitted::end);
    } catch (RuntimeException e) {
      admitted.fail(e);
    } catch (Error e) {
      admitted.fail(e);
      throw e;
    }
    if (!admitted.result.isDone()) {
      failAt(end, admitted);
    }
    return admitted.result;
  }

  /** Adds the keys unless they are refused; a refused call never counts, not even for a moment. */
  private long reserve(int keys) {
    while (true) {
      long before = pending.get();
      if (isTooMuch(before, keys) || pending.compareAndSet(before, before + keys)) {
        return before;
      }
    }
  }

  private boolean isTooMuch(long before, int keys) {
    return before > 0 && before + keys > maxPending;
  }

  private void failAt(Deadline end, Call<?> call) {
    CompletableFuture<Void> timer = new CompletableFuture<>();
    timer
        .orTimeout(Math.max(0, end.remainingNanos()), TimeUnit.NANOSECONDS)
        .whenComplete(
            (ignored, failure) -> {
              if (failure instanceof TimeoutException) {
                call.fail(timeout());
              }
            });
    call.result.whenComplete((value, failure) -> timer.cancel(false));
  }

  private StoreException timeout() {
    return new StoreException(
        StoreException.Kind.TIMEOUT,
        store + " did not answer within 'deadline' (" + Durations.format(deadline) + ")");
  }

  private StoreException throttled(long before) {
    return new StoreException(
        StoreException.Kind.THROTTLED,
        store
            + " has "
            + before
            + " keys under way and 'max-pending' allows "
            + maxPending
            + "; slow down or raise it");
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
    for (Call<?> call : calls) {
      call.fail(closedException());
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

  /**
   * One admitted call. Its keys are given back before its stage completes: whoever acts on the
   * answer finds their room.
   */
  private final class Call<T extends @Nullable Object> {

    private final int keys;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CompletableFuture<T> result = new CompletableFuture<>();

    Call(int keys) {
      this.keys = keys;
      // A caller may also complete or cancel the future itself.
      result.whenComplete((value, failure) -> release());
    }

    void end(@Nullable T value, @Nullable Throwable failure) {
      if (failure != null) {
        fail(failure);
      } else {
        release();
        result.complete(value);
      }
    }

    void fail(Throwable failure) {
      release();
      result.completeExceptionally(asStoreException(failure));
    }

    private void release() {
      if (ended.compareAndSet(false, true)) {
        calls.remove(this);
        pending.addAndGet(-keys);
      }
    }
  }
}
