// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.sink;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.function.LongSupplier;

/**
 * Assigns the versions of {@code 'version' = 'arrival'} for one writer. Versions are epoch
 * milliseconds and never decrease. Not thread-safe.
 *
 * <p>The clock starts ahead of the local clock by the tolerated difference between the clocks of
 * two processes. This writer's versions are therefore greater than versions that another process
 * assigned shortly before. While the clock is ahead of the local clock, it advances at a quarter of
 * real time until the local clock has caught up. This keeps the leads of repeated restarts from
 * adding up. The clock also slows down in this way after the local clock was set back.
 */
final class ArrivalClock {

  /**
   * The largest lead, in tolerances, that restarts without a checkpoint between them can add up to.
   */
  static final int MAX_LEADS = 12;

  private static final int SLOWNESS = 4;
  private static final long SLOW_TICK_NANOS = SLOWNESS * 1_000_000L;

  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final int attempt;
  private final long maxLeadMillis;
  private long time;
  private long reachedAtNanos;

  private ArrivalClock(Source source, int attempt, long time) {
    this.clock = source.clock();
    this.nanoTime = source.nanoTime();
    this.attempt = attempt;
    this.maxLeadMillis = source.maxSkew().toMillis() * MAX_LEADS;
    this.time = time;
    this.reachedAtNanos = nanoTime.getAsLong();
  }

  /**
   * The state that a writer passes to its successor.
   *
   * @param time the time of the arrival clock
   * @param localMillis the time of the process's local clock at the same moment
   * @param attempt the attempt number of the subtask
   */
  record State(long time, long localMillis, int attempt) {}

  /** The source of local time, and the largest tolerated difference between two such clocks. */
  record Source(InstantSource clock, LongSupplier nanoTime, Duration maxSkew) {

    static Source system(Duration maxSkew) {
      return new Source(InstantSource.system(), System::nanoTime, maxSkew);
    }
  }

  /**
   * Creates the clock of a writer that starts without state.
   *
   * @param attempt the attempt number, from 0. Earlier attempts left no state, but may have written
   *     changes.
   */
  static ArrivalClock start(Source source, int attempt) {
    return ahead(source, attempt, Long.MIN_VALUE, attempt + 1);
  }

  /**
   * Creates the clock of a writer that is restored from a checkpoint.
   *
   * @param states of the writers whose keys this writer takes over; may be empty after a rescale
   */
  static ArrivalClock restore(Source source, int attempt, Collection<State> states) {
    long skew = source.maxSkew().toMillis();
    // A subtask that has no state after a rescale cannot know the lead of its predecessors.
    int leads = states.isEmpty() ? attempt + 2 : 1;
    for (State state : states) {
      leads = Math.max(leads, attempt - state.attempt());
    }
    long local = source.clock().millis();
    long reached = Long.MIN_VALUE;
    for (State state : states) {
      // The previous writers continued after the checkpoint, at the slow rate while they were
      // ahead. The base covers the time that has certainly passed. The tolerant estimate also
      // covers, up to a bound, time hidden by the difference between the clocks.
      long passed = local - state.localMillis();
      long base = state.time() + Math.max(0, passed - skew) / SLOWNESS + 1;
      long hidden = state.time() + (Math.max(0, passed) + leads * skew) / SLOWNESS + 1;
      long tolerant = Math.min(hidden, local + MAX_LEADS * skew);
      reached = Math.max(reached, Math.max(base, tolerant));
    }
    return ahead(source, attempt, reached, leads);
  }

  private static ArrivalClock ahead(Source source, int attempt, long reached, int leads) {
    long lead = source.maxSkew().toMillis() * Math.min(leads, MAX_LEADS);
    return new ArrivalClock(source, attempt, Math.max(reached, source.clock().millis() + lead));
  }

  /** Returns the time in epoch milliseconds. It is never below an earlier result. */
  long now() {
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
    return time;
  }

  /** Returns the largest lead that restarts can add up to, in milliseconds. */
  long maxLeadMillis() {
    return maxLeadMillis;
  }

  /** Returns the milliseconds until the local clock is above a version, or 0 if it already is. */
  long millisUntilPast(long version) {
    return Math.max(0, version + 1 - clock.millis());
  }

  State state() {
    return new State(now(), clock.millis(), attempt);
  }
}
