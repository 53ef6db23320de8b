// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Assigns the versions of {@code 'version' = 'arrival'} for one writer. Versions are epoch
 * milliseconds of the local clock and never decrease. Not thread-safe.
 *
 * <p>The local clock of an earlier writer may have been ahead of this one. A writer therefore
 * assigns no version until its local clock has passed the time of its start by the tolerated
 * difference between two clocks. From then on its versions are above those of every writer that
 * ended before its start, however many there were. Unless the local clock was set back, they are
 * never ahead of it either. The versions of two writers at the same time therefore differ by no
 * more than their local clocks.
 *
 * <p>If the local clock was set back, this clock is ahead of it, and advances at a quarter of real
 * time until the local clock has caught up. A writer that is restored after such a step continues
 * above the versions that its checkpoint knows.
 */
final class ArrivalClock {

  private static final int SLOWNESS = 4;
  private static final long SLOW_TICK_NANOS = SLOWNESS * 1_000_000L;

  /**
   * Covers the rounding to milliseconds in the clocks of an earlier and a later writer. Each is off
   * by less than one millisecond. A clock that is slowed down needs {@link #SLOWNESS} milliseconds
   * of real time for one.
   */
  private static final long MARGIN_MILLIS = 2L * SLOWNESS;

  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final State restored;
  private final long firstVersion;
  private final long maxWaitMillis;
  private long time;
  private long reachedAtNanos;
  private boolean assigned;

  private ArrivalClock(Source source, State restored, long time, long local) {
    this.clock = source.clock();
    this.nanoTime = source.nanoTime();
    this.restored = restored;
    this.maxWaitMillis = source.maxSkew().toMillis() + MARGIN_MILLIS;
    this.firstVersion = local + maxWaitMillis;
    this.time = time;
    this.reachedAtNanos = nanoTime.getAsLong();
  }

  /**
   * The state that a writer passes to its successor.
   *
   * @param time the time of the arrival clock
   * @param localMillis the time of the process's local clock at the same moment
   */
  record State(long time, long localMillis) {}

  /** The source of local time, and the largest tolerated difference between two such clocks. */
  record Source(InstantSource clock, LongSupplier nanoTime, Duration maxSkew) {

    static Source system(Duration maxSkew) {
      return new Source(InstantSource.system(), System::nanoTime, maxSkew);
    }
  }

  /** Creates the clock of a writer that starts without state. */
  static ArrivalClock start(Source source) {
    long local = source.clock().millis();
    return new ArrivalClock(source, new State(local, local), local, local);
  }

  /**
   * Creates the clock of a writer that is restored from a checkpoint.
   *
   * @param states of the writers whose keys this writer takes over; may be empty after a rescale
   */
  static ArrivalClock restore(Source source, Collection<State> states) {
    long local = source.clock().millis();
    State furthest = new State(local, local);
    long time = local;
    for (State state : states) {
      // The earlier writer's clock went on after the checkpoint. If it was ahead of its local
      // clock,
      // it went on at the slow rate, which is assumed here. If no clock was set back, the result is
      // ahead of the local clock by a part of the tolerated difference. That time passes before the
      // first version may be assigned.
      long passed = Math.max(0, local - state.localMillis() + source.maxSkew().toMillis());
      long reached = state.time() + passed / SLOWNESS + 1;
      if (reached > time) {
        furthest = state;
        time = reached;
      }
    }
    return new ArrivalClock(source, furthest, time, local);
  }

  /**
   * Returns the milliseconds until the first version may be assigned, or 0 if it may be assigned
   * now.
   */
  long millisUntilFirstVersion() {
    return assigned ? 0 : Math.max(0, firstVersion - clock.millis());
  }

  /**
   * Returns the time in epoch milliseconds, which is the version of a change. It is never below an
   * earlier result.
   */
  long now() {
    advance();
    if (!assigned) {
      assigned = true;
      if (time < firstVersion) {
        // The local clock was set back while the writer waited.
        time = firstVersion;
        reachedAtNanos = nanoTime.getAsLong();
      }
    }
    return time;
  }

  private void advance() {
    long local = clock.millis();
    if (local > time) {
      time = local;
      reachedAtNanos = nanoTime.getAsLong();
    } else if (local < time) {
      long ticks = (nanoTime.getAsLong() - reachedAtNanos) / SLOW_TICK_NANOS;
      if (ticks > 0) {
        time += ticks;
        reachedAtNanos += ticks * SLOW_TICK_NANOS;
      }
    }
  }

  /**
   * Returns how long a writer waits for its local clock. Without steps of the clock, the wait ends
   * in this time.
   */
  long maxWaitMillis() {
    return maxWaitMillis;
  }

  /**
   * Begins a wait of {@link #maxWaitMillis}. Returns the milliseconds that are left of it, which do
   * not depend on steps of the local clock.
   */
  LongSupplier beginWait() {
    long begin = nanoTime.getAsLong();
    return () -> maxWaitMillis - TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - begin);
  }

  /** Returns the milliseconds until the local clock is above a version, or 0 if it already is. */
  long millisUntilPast(long version) {
    return Math.max(0, version + 1 - clock.millis());
  }

  /**
   * Returns the state for the next writer. As long as this writer has assigned no version, that is
   * the state that it was restored from, so that the tolerances of many restarts do not add up.
   */
  State state() {
    if (!assigned) {
      return restored;
    }
    advance();
    return new State(time, clock.millis());
  }
}
