// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import io.dimstore.spi.Durations;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Admits the calls of a store. It limits the keys of pending calls, starts the deadline of each
 * call, and fails the pending calls when the store closes (R11, R12, R14). Thread-safe; {@link
 * #close} is idempotent.
 */
public final class Admission implements AutoCloseable {

  private final String store;
  private final int maxPending;
  private final Duration deadline;
  private final Timer timer;
  private final AtomicLong pending = new AtomicLong();
  private final Set<Call<?>> calls = ConcurrentHashMap.newKeySet();

  /** Whether the timer will run {@link #endLateCalls}. */
  private final AtomicBoolean armed = new AtomicBoolean();

  private final Object timerLock = new Object();

  /** Used under the lock. */
  private Runnable cancelTimer = () -> {};

  private volatile boolean closed;

  /**
   * Creates the admission of one store.
   *
   * @param store name of the store, for messages
   * @param maxPending the most keys of pending calls
   * @param deadline how long a call may take from its admission on
   */
  public Admission(String store, int maxPending, Duration deadline) {
    this(store, maxPending, deadline, Admission::onDelayThread);
  }

  /**
   * Creates the admission of one opened store.
   *
   * @param store the store's id
   * @param config has the values of {@link CommonOptions}
   */
  public static Admission of(String store, StoreConfig config) {
    return new Admission(
        "Store '" + store + "'",
        config.get(CommonOptions.MAX_PENDING),
        config.get(CommonOptions.DEADLINE));
  }

  /** Creates an admission that ends calls at their deadline with this timer. */
  Admission(String store, int maxPending, Duration deadline, Timer timer) {
    this.store = store;
    this.maxPending = maxPending;
    this.deadline = deadline;
    this.timer = timer;
  }

  /** Runs a task once, later. */
  @FunctionalInterface
  interface Timer {
    /** Schedules the task, and returns a function that cancels it. */
    Runnable schedule(Runnable task, long delayNanos);
  }

  private static Runnable onDelayThread(Runnable task, long delayNanos) {
    CompletableFuture<Void> delay = new CompletableFuture<>();
    delay
        .orTimeout(delayNanos, TimeUnit.NANOSECONDS)
        .whenComplete(
            (ignored, failure) -> {
              if (failure instanceof TimeoutException) {
                task.run();
              }
            });
    return () -> delay.cancel(false);
  }

  /**
   * Runs a call, or refuses it.
   *
   * @param keys the number of keys of the call; a call that is larger than the limit is admitted if
   *     no keys are pending
   * @param call starts the work; an exception that it throws fails the stage
   * @return a stage that fails only with {@link StoreException}: other failures become UNAVAILABLE.
   *     At the deadline it fails with TIMEOUT, even if the work never ends
   */
  public <T extends @Nullable Object> CompletionStage<T> admit(
      int keys, Function<Deadline, ? extends CompletionStage<T>> call) {
    return admit(keys, () -> "", call);
  }

  /**
   * Runs a call, or refuses it, like {@link #admit(int, Function)}.
   *
   * @param reason returns what the call still waits for, for the message at the deadline; empty if
   *     that is not known
   */
  public <T extends @Nullable Object> CompletionStage<T> admit(
      int keys, Supplier<String> reason, Function<Deadline, ? extends CompletionStage<T>> call) {
    if (closed) {
      return CompletableFuture.failedFuture(closedException());
    }
    long before = reserve(keys);
    if (isTooMuch(before, keys)) {
      return CompletableFuture.failedFuture(throttled(before));
    }
    Deadline end = Deadline.after(deadline);
    Call<T> admitted = new Call<>(keys, end, reason);
    calls.add(admitted);
    if (closed) {
      admitted.fail(closedException());
      return admitted.result;
    }
    try {
      call.apply(end).whenComplete(admitted::end);
    } catch (RuntimeException e) {
      admitted.fail(e);
    } catch (Error e) {
      admitted.fail(e);
      throw e;
    }
    if (!admitted.result.isDone()) {
      arm(end);
    }
    return admitted.result;
  }

  /** Adds the keys unless they are refused. A refused call is never counted, even temporarily. */
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

  /**
   * Arms the timer, unless it is armed. One timer serves all calls: they all have the same time, so
   * an armed timer runs before the deadline of any later call.
   */
  private void arm(Deadline first) {
    if (!armed.get() && armed.compareAndSet(false, true)) {
      schedule(first);
    }
  }

  private void schedule(Deadline first) {
    synchronized (timerLock) {
      if (!closed) {
        cancelTimer = timer.schedule(this::endLateCalls, Math.max(0, first.remainingNanos()));
      }
    }
  }

  private void endLateCalls() {
    Deadline next = firstAfterLateCalls();
    if (next != null) {
      schedule(next);
      return;
    }
    armed.set(false);
    // A call that was admitted meanwhile has found the timer armed.
    next = firstAfterLateCalls();
    if (next != null) {
      arm(next);
    }
  }

  /** Fails the calls whose deadline has passed, and returns the first deadline of the others. */
  private @Nullable Deadline firstAfterLateCalls() {
    Deadline first = null;
    for (Call<?> call : calls) {
      if (call.deadline.isOver()) {
        call.fail(timeout(call.waitsFor()));
      } else if (first == null || call.deadline.remainingNanos() < first.remainingNanos()) {
        first = call.deadline;
      }
    }
    return first;
  }

  private StoreException timeout(String reason) {
    return new StoreException(
        StoreException.Kind.TIMEOUT,
        store
            + " did not answer within 'deadline' ("
            + Durations.format(deadline)
            + ")"
            + (reason.isEmpty() ? "" : ": " + reason));
  }

  private StoreException throttled(long before) {
    return new StoreException(
        StoreException.Kind.THROTTLED,
        store
            + " has "
            + before
            + " keys pending and 'max-pending' allows "
            + maxPending
            + "; slow down or raise 'max-pending'");
  }

  /** Returns the number of keys of pending calls. */
  public long pending() {
    return pending.get();
  }

  /** Returns whether the store was closed. */
  public boolean isClosed() {
    return closed;
  }

  /**
   * Throws if the store was closed.
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
    synchronized (timerLock) {
      cancelTimer.run();
    }
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
   * One admitted call. Its keys are released before its stage completes, so that a caller who
   * reacts to the answer can make another call.
   */
  private final class Call<T extends @Nullable Object> {

    private final int keys;
    private final Deadline deadline;
    private final Supplier<String> reason;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CompletableFuture<T> result = new CompletableFuture<>();

    Call(int keys, Deadline deadline, Supplier<String> reason) {
      this.keys = keys;
      this.deadline = deadline;
      this.reason = reason;
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

    /** Returns what the call waits for; empty if that cannot be found out. */
    String waitsFor() {
      try {
        return reason.get();
      } catch (RuntimeException e) {
        return "";
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
