// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Compares the wall clock of this machine with its monotonic clock, which never jumps, and with the
 * clock of a server. Callers correct times that other machines compare with their own clocks, such
 * as the time at which a delete was applied, by {@link #behindMillis}. Thread-safe.
 */
public final class ClockComparison {

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final InstantSource wall;
  private final LongSupplier nanos;
  private long lastWall;
  private long lastNanos;
  private volatile Anchor anchor;

  /** Creates a watch that begins now, on the clocks of this machine. */
  public ClockComparison() {
    this(InstantSource.system(), System::nanoTime);
  }

  /**
   * Creates a watch that begins now.
   *
   * @param wall the wall clock
   * @param nanos the monotonic clock
   */
  public ClockComparison(InstantSource wall, LongSupplier nanos) {
    this.wall = wall;
    this.nanos = nanos;
    this.lastWall = wall.millis();
    this.lastNanos = nanos.getAsLong();
    this.anchor = new Anchor(lastWall, lastNanos, 0);
  }

  /** The server's time at a reading of the monotonic clock, and the skew of the wall clock then. */
  private record Anchor(long millis, long nanos, long skew) {}

  /** Returns the time by the wall clock, in epoch milliseconds. */
  public long wallMillis() {
    return wall.millis();
  }

  /**
   * Returns by how many milliseconds the wall clock has jumped since the last call: forward where
   * positive, back where negative. A clock that is adjusted slowly shows as a small number.
   */
  public synchronized long jumpMillis() {
    long wallNow = wall.millis();
    long nanosNow = nanos.getAsLong();
    long jump = wallNow - lastWall - (nanosNow - lastNanos) / NANOS_PER_MILLI;
    lastWall = wallNow;
    lastNanos = nanosNow;
    return jump;
  }

  /**
   * Records a reading of a server's clock.
   *
   * @param serverMillis the server's time at some moment between {@code before} and {@code after}
   * @param before {@link #wallMillis} before the server was asked
   * @param after {@link #wallMillis} after the server answered
   */
  public void learn(long serverMillis, long before, long after) {
    long first = Math.min(before, after);
    long last = Math.max(before, after);
    long skew = serverMillis > last ? serverMillis - last : Math.min(0, serverMillis - first);
    anchor = new Anchor(wall.millis() + skew, nanos.getAsLong(), skew);
  }

  /**
   * Returns by how many milliseconds the server's clock was ahead of this machine's at the last
   * {@link #learn}. Negative if it was behind. 0 if the two agreed within the time that the server
   * took to answer, or if {@link #learn} has not been called.
   */
  public long skewMillis() {
    return anchor.skew;
  }

  /**
   * Returns the time by the server's clock, in epoch milliseconds: the time of the last {@link
   * #learn} plus what the monotonic clock has measured since. Before the first {@link #learn}, it
   * continues this machine's time at the creation of this object.
   */
  public long serverMillis() {
    Anchor known = anchor;
    return known.millis + (nanos.getAsLong() - known.nanos) / NANOS_PER_MILLI;
  }

  /** Returns by how many milliseconds the wall clock is behind {@link #serverMillis}, or 0. */
  public long behindMillis() {
    return Math.max(0, serverMillis() - wall.millis());
  }

  /** Returns by how many milliseconds the wall clock is ahead of {@link #serverMillis}, or 0. */
  public long aheadMillis() {
    return Math.max(0, wall.millis() - serverMillis());
  }
}
