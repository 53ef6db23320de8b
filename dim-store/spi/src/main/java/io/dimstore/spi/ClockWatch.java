package io.dimstore.spi;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Compares the wall clock of this machine with its monotonic clock, which never jumps, and with the
 * clock of a server. Times that other machines will compare with theirs, such as when a delete was
 * applied, are corrected by {@link #behindMillis}. Thread-safe.
 */
public final class ClockWatch {

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final InstantSource wall;
  private final LongSupplier nanos;
  private long lastWall;
  private long lastNanos;
  private volatile Anchor anchor;

  /** A watch that begins now, on the clocks of this machine. */
  public ClockWatch() {
    this(InstantSource.system(), System::nanoTime);
  }

  /**
   * A watch that begins now.
   *
   * @param wall the wall clock
   * @param nanos the monotonic clock
   */
  public ClockWatch(InstantSource wall, LongSupplier nanos) {
    this.wall = wall;
    this.nanos = nanos;
    this.lastWall = wall.millis();
    this.lastNanos = nanos.getAsLong();
    this.anchor = new Anchor(lastWall, lastNanos, 0);
  }

  /** A time that is taken for right, when that was by the monotonic clock, and the skew then. */
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
   * Takes note of a server's clock.
   *
   * @param serverMillis what it showed at some time between the next two
   * @param before {@link #wallMillis} before the server was asked
   * @param after {@link #wallMillis} after it answered
   */
  public void learn(long serverMillis, long before, long after) {
    long first = Math.min(before, after);
    long last = Math.max(before, after);
    long skew = serverMillis > last ? serverMillis - last : Math.min(0, serverMillis - first);
    anchor = new Anchor(wall.millis() + skew, nanos.getAsLong(), skew);
  }

  /**
   * Returns by how many milliseconds the server's clock was ahead of this machine's when it was
   * learned last; negative where it was behind, 0 where the two agreed within the time that the
   * server took to answer, or it has not been learned.
   */
  public long skewMillis() {
    return anchor.skew;
  }

  /**
   * Returns the time by the server's clock, in epoch milliseconds, as the monotonic clock continues
   * it since it was learned; by this machine's clock since the watch began, where it was not.
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
