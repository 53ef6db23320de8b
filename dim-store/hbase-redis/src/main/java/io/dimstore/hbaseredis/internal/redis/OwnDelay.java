// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Measures how long this process keeps its own threads waiting: by pauses of the garbage collector,
 * and because other threads have the CPUs. That time is part of the time that an answer took, and
 * says nothing about the server. One thread waits for a short time again and again; the time by
 * which it wakes too late is the delay. Thread-safe; only one thread waits.
 */
final class OwnDelay {

  private final long tickNanos;
  private final LongSupplier clock;
  private final LongConsumer pause;
  private volatile Measured measured = new Measured(0, false, 0);

  /**
   * What is known.
   *
   * @param lateNanos the delay up to the current wait
   * @param isWaiting whether the thread waits
   * @param dueAt when it should wake
   */
  private record Measured(long lateNanos, boolean isWaiting, long dueAt) {

    long total(long now) {
      return lateNanos + (isWaiting ? Math.max(0, now - dueAt) : 0);
    }
  }

  /** Creates a measure whose thread waits for this time. */
  OwnDelay(long tickNanos) {
    this(tickNanos, System::nanoTime, LockSupport::parkNanos);
  }

  /** Creates a measure with a clock of monotonic nanoseconds, and a pause of this length. */
  OwnDelay(long tickNanos, LongSupplier clock, LongConsumer pause) {
    this.tickNanos = tickNanos;
    this.clock = clock;
    this.pause = pause;
  }

  /** Waits for one tick. */
  void await() {
    long before = measured.lateNanos();
    measured = new Measured(before, true, clock.getAsLong() + tickNanos);
    pause.accept(tickNanos);
    measured = new Measured(measured.total(clock.getAsLong()), false, 0);
  }

  /**
   * Returns the delay in nanoseconds since the start. The difference of two values is the delay
   * between two times.
   *
   * @param now {@link System#nanoTime}
   */
  long total(long now) {
    return measured.total(now);
  }
}
