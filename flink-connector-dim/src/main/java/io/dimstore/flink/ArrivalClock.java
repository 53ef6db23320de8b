package io.dimstore.flink;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.function.LongSupplier;

/**
 * Gives one writer the versions of {@code 'version' = 'arrival'}: epoch milliseconds that never
 * fall. Not thread-safe.
 *
 * <p>The time starts ahead of the local clock, by the tolerated difference between the clocks of
 * two processes, so that this writer's versions are above those that another process has given just
 * before. While it is ahead, it passes at a quarter of real time until the local clock has caught
 * up, so that the leads of repeated restarts do not add up. The same holds after the local clock
 * was set back.
 */
final class ArrivalClock {

  /** The lead that attempts without a checkpoint between them can add up to, in tolerances. */
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
   * What a writer must know of the one before it.
   *
   * @param time the time that its arrival clock showed
   * @param localMillis what the clock of its process showed then
   * @param attempt which attempt of its subtask it was
   */
  record State(long time, long localMillis, int attempt) {}

  /** The source of local time, and how far two of them may differ. */
  record Source(InstantSource clock, LongSupplier nanoTime, Duration maxSkew) {

    static Source system(Duration maxSkew) {
      return new Source(InstantSource.system(), System::nanoTime, maxSkew);
    }
  }

  /**
   * The clock of a writer that starts without state.
   *
   * @param attempt from 0: earlier attempts have left nothing but what they wrote
   */
  static ArrivalClock start(Source source, int attempt) {
    return ahead(source, attempt, Long.MIN_VALUE, attempt + 1);
  }

  /**
   * The clock of a writer that goes on from a checkpoint.
   *
   * @param states of the writers whose keys this one has; may be empty after a rescale
   */
  static ArrivalClock restore(Source source, int attempt, Collection<State> states) {
    long skew = source.maxSkew().toMillis();
    // A subtask that a rescale left without state cannot know the lead of the one before.
    int leads = states.isEmpty() ? attempt + 2 : 1;
    for (State state : states) {
      leads = Math.max(leads, attempt - state.attempt());
    }
    long local = source.clock().millis();
    long reached = Long.MIN_VALUE;
    for (State state : states) {
      // After the checkpoint the writers before went on, while ahead at the slow rate: for as long
      // as has passed for certain, and, up to a bound, for what the clocks' difference may hide.
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

  /** The time, in epoch milliseconds; never below an earlier answer. */
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

  /** The lead that starts can add up to, in milliseconds. */
  long maxLeadMillis() {
    return maxLeadMillis;
  }

  /** How many milliseconds pass until the local clock is above a version; 0 once it is. */
  long millisUntilPast(long version) {
    return Math.max(0, version + 1 - clock.millis());
  }

  State state() {
    return new State(now(), clock.millis(), attempt);
  }
}
