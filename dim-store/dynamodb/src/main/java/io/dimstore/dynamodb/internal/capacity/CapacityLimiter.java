// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.capacity;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.support.Deadline;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits requests to a rate of capacity units per second, in the order of their arrival. A request
 * reserves the units that it is expected to consume before it is sent. If it consumes more, the
 * excess is a debt, and the next request waits until the debt is paid. At most one second's units
 * accumulate.
 *
 * <p>When the service throttles, the rate is reduced, once for all requests that were in flight
 * together, and then rises again by itself. Thread-safe; never blocks.
 */
public final class CapacityLimiter {

  /** Runs a task once, after a delay. */
  @FunctionalInterface
  public interface Timer {
    void schedule(Runnable task, long delay, TimeUnit unit);
  }

  private static final double NANOS = 1e9;

  /**
   * A throttled request reduces the rate to this fraction of the current or the achieved rate,
   * whichever is lower.
   */
  private static final double CUT = 0.7;

  /**
   * The lowest achieved rate to assume, in units per second, since the use of a table may have been
   * below its capacity.
   */
  private static final double LEAST_ACHIEVED = 100;

  private static final double LEAST_RATE = 1;

  /** A reduced rate rises by this fraction each second. */
  private static final double RISE_PER_SECOND = 0.2;

  /** Throttled requests within this time of a reduction do not reduce the rate again. */
  private static final long SAME_CAUSE_NANOS = 200_000_000;

  private static final long MOST_DELAY_NANOS = 1_000_000_000;

  private final LongSupplier clock;
  private final Timer timer;
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private double rate;
  private double slowed = Double.POSITIVE_INFINITY;
  private double freeAgainAt;
  private double balance;
  private long refilledAt;
  private long cutAt;
  private long windowBegan;
  private double windowUnits;
  private double lastWindowRate;
  private boolean armed;
  private boolean closed;

  /** A request that waits for units. */
  private record Waiting(double units, Deadline deadline, CompletableFuture<@Nullable Void> go) {}

  /**
   * Creates a limiter that starts with one second's units.
   *
   * @param rate units per second, above 0; infinite for no limit but that of the service
   * @param clock monotonic nanoseconds
   */
  CapacityLimiter(double rate, LongSupplier clock, Timer timer) {
    this.rate = rate;
    this.clock = clock;
    this.timer = timer;
    this.refilledAt = clock.getAsLong();
    this.cutAt = refilledAt - SAME_CAUSE_NANOS;
    this.windowBegan = refilledAt;
    this.balance = burst();
  }

  /** Sets the rate, in units per second, from now on. Debts remain. */
  void setRate(double unitsPerSecond) {
    synchronized (this) {
      refill();
      rate = unitsPerSecond;
      balance = Math.min(burst(), balance);
    }
    release();
  }

  /**
   * Returns the largest number of units that can accumulate: those of one second, but at least 1.
   */
  public synchronized double most() {
    refill();
    return burst();
  }

  /** Returns the number of waiting requests. */
  synchronized int waiting() {
    return waiting.size();
  }

  /**
   * Reserves units for a request. The future completes when the request may be sent. It fails
   * TIMEOUT if the deadline passes first, and CLOSED if the limiter is closed. A request that needs
   * more than one second's units is sent when one second's units have accumulated.
   */
  public CompletableFuture<@Nullable Void> reserve(double units, Deadline deadline) {
    CompletableFuture<@Nullable Void> go = new CompletableFuture<>();
    synchronized (this) {
      refill();
      if (closed) {
        go.completeExceptionally(closedException());
      } else if (waiting.isEmpty() && isAffordable(units)) {
        take(units);
        go.complete(null);
      } else {
        waiting.add(new Waiting(units, deadline, go));
        arm();
      }
    }
    return go;
  }

  /** Corrects a reservation to the units that the request has consumed. */
  public void adjust(double reserved, double consumed) {
    synchronized (this) {
      refill();
      windowUnits += consumed;
      take(consumed - reserved);
    }
    release();
  }

  /** Reduces the rate because the service has throttled a request. */
  public void throttled() {
    synchronized (this) {
      refill();
      long now = refilledAt;
      if (now - cutAt < SAME_CAUSE_NANOS) {
        return;
      }
      cutAt = now;
      double achieved = Math.max(LEAST_ACHIEVED, Math.max(lastWindowRate, observed(now)));
      freeAgainAt = 2 * achieved;
      slowed = Math.max(Math.min(LEAST_RATE, rate), CUT * Math.min(current(), achieved));
      balance = Math.min(balance, 0);
    }
  }

  /** Fails all waiting requests with CLOSED, and those that come later. */
  void close() {
    List<Waiting> all;
    synchronized (this) {
      closed = true;
      all = new ArrayList<>(waiting);
      waiting.clear();
    }
    all.forEach(one -> one.go.completeExceptionally(closedException()));
  }

  private void release() {
    synchronized (this) {
      if (waiting.isEmpty()) {
        return;
      }
    }
    List<Waiting> late = new ArrayList<>();
    List<Waiting> ready = new ArrayList<>();
    synchronized (this) {
      refill();
      for (Waiting next = waiting.peek(); next != null; next = waiting.peek()) {
        if (next.deadline.isOver()) {
          late.add(next);
        } else if (isAffordable(next.units)) {
          take(next.units);
          ready.add(next);
        } else {
          break;
        }
        waiting.remove();
      }
      arm();
    }
    late.forEach(one -> one.go.completeExceptionally(timeout()));
    ready.forEach(one -> one.go.complete(null));
  }

  private void arm() {
    Waiting next = waiting.peek();
    if (next == null || armed || closed) {
      return;
    }
    double missing = Math.min(next.units, burst()) - balance;
    double wait = Math.min(missing / current() * NANOS, MOST_DELAY_NANOS);
    long left = Math.max(0, next.deadline.remainingNanos());
    try {
      timer.schedule(
          this::wake, (long) Math.ceil(Math.min(wait, (double) left)) + 1, TimeUnit.NANOSECONDS);
      armed = true;
    } catch (RejectedExecutionException e) {
      // The store is being closed, and close() fails the waiting requests.
    }
  }

  private void wake() {
    synchronized (this) {
      armed = false;
    }
    release();
  }

  private boolean isAffordable(double units) {
    return balance >= Math.min(units, burst()) - 1e-9;
  }

  private void take(double units) {
    if (!Double.isInfinite(balance)) {
      balance = Math.min(burst(), balance - units);
    }
  }

  private double burst() {
    return Math.max(1, current());
  }

  private double current() {
    return Math.min(rate, slowed);
  }

  private void refill() {
    long now = clock.getAsLong();
    double seconds = (now - refilledAt) / NANOS;
    refilledAt = now;
    if (now - windowBegan >= (long) NANOS) {
      lastWindowRate = observed(now);
      windowBegan = now;
      windowUnits = 0;
    }
    if (slowed < Double.POSITIVE_INFINITY && seconds > 0) {
      double before = slowed;
      slowed *= Math.pow(1 + RISE_PER_SECOND, seconds);
      balance += Math.min(before, rate) * seconds;
      if (slowed >= Math.min(rate, freeAgainAt)) {
        slowed = Double.POSITIVE_INFINITY;
      }
    } else if (!Double.isInfinite(rate)) {
      balance += rate * seconds;
    }
    balance = Double.isInfinite(current()) ? Double.POSITIVE_INFINITY : Math.min(balance, burst());
  }

  private double observed(long now) {
    return windowUnits / Math.max(0.1, (now - windowBegan) / NANOS);
  }

  private static StoreException timeout() {
    return new StoreException(
        StoreException.Kind.TIMEOUT,
        "The deadline passed while the request waited for capacity units (see the options"
            + " 'read.units-per-second' and 'write.units-per-second')");
  }

  private static StoreException closedException() {
    return new StoreException(
        StoreException.Kind.CLOSED, "The store was closed before the request was sent");
  }
}
