package io.dimstore.dynamodb;

import io.dimstore.spi.Deadline;
import io.dimstore.spi.StoreException;
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
 * Lets requests go at a rate of capacity units per second, in the order in which they came. What a
 * request will take is reserved before it goes; what it took beyond that is a debt that is paid off
 * before the next may go. At most one second's units are saved up.
 *
 * <p>Where the service throttles, the rate falls below what it was, once for all requests that were
 * under way together, and rises again by itself. Thread-safe; never blocks.
 */
final class UnitBucket {

  /** Runs a task once, later. */
  @FunctionalInterface
  interface Timer {
    void schedule(Runnable task, long delay, TimeUnit unit);
  }

  private static final double NANOS = 1e9;
  private static final double CUT = 0.7;

  /** Of a table that was hardly used nothing is known: it is taken to have borne this much. */
  private static final double BORNE = 100;

  private static final double LEAST_RATE = 1;
  private static final double RISE_PER_SECOND = 0.2;
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

  /** A request that may not go yet. */
  private record Waiting(double units, Deadline deadline, CompletableFuture<@Nullable Void> go) {}

  /**
   * A full bucket.
   *
   * @param rate units per second, above 0; infinite where nothing bounds it but the service
   * @param clock monotonic nanoseconds
   */
  UnitBucket(double rate, LongSupplier clock, Timer timer) {
    this.rate = rate;
    this.clock = clock;
    this.timer = timer;
    this.refilledAt = clock.getAsLong();
    this.cutAt = refilledAt - SAME_CAUSE_NANOS;
    this.windowBegan = refilledAt;
    this.balance = burst();
  }

  /** From now on this many units per second. Debts stay. */
  void setRate(double unitsPerSecond) {
    synchronized (this) {
      refill();
      rate = unitsPerSecond;
      balance = Math.min(burst(), balance);
    }
    release();
  }

  /** The units that may be taken at once: those of a second, or 1 where that is more. */
  synchronized double most() {
    refill();
    return burst();
  }

  /** How many wait. */
  synchronized int waiting() {
    return waiting.size();
  }

  /**
   * Completes when the request may go; fails TIMEOUT where its deadline comes first, and CLOSED.
   * One that takes more than a second's units goes when the bucket is full.
   */
  CompletableFuture<@Nullable Void> reserve(double units, Deadline deadline) {
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

  /** Settles what a request took against what was reserved for it. */
  void settle(double reserved, double taken) {
    synchronized (this) {
      refill();
      windowUnits += taken;
      take(taken - reserved);
    }
    release();
  }

  /** The service refused a request for the units that it would take. */
  void throttled() {
    synchronized (this) {
      refill();
      long now = refilledAt;
      if (now - cutAt < SAME_CAUSE_NANOS) {
        return;
      }
      cutAt = now;
      double borne = Math.max(BORNE, Math.max(lastWindowRate, observed(now)));
      freeAgainAt = 2 * borne;
      slowed = Math.max(Math.min(LEAST_RATE, rate), CUT * Math.min(current(), borne));
      balance = Math.min(balance, 0);
    }
  }

  /** Fails what waits. */
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
      timer.schedule(this::wake, (long) Math.ceil(Math.min(wait, left)) + 1, TimeUnit.NANOSECONDS);
      armed = true;
    } catch (RejectedExecutionException e) {
      // The store is being closed, and close() ends what waits.
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
        "The deadline was over before the request could go at the rate of units per second");
  }

  private static StoreException closedException() {
    return new StoreException(
        StoreException.Kind.CLOSED, "The store was closed before the request left");
  }
}
