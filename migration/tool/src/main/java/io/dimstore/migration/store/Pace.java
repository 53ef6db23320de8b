// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.store;

/**
 * Limits the rows per second of all threads of a run together, and makes each thread idle for a
 * part of its time while the impact guard requests it. Thread-safe.
 */
public final class Pace {

  private final Clock clock;
  private final double rowsPerSecond;
  private final ImpactGuard guard;
  private long nextNanos;

  /**
   * Creates the pace of a run.
   *
   * @param rowsPerSecond the limit, or 0 for none
   */
  public Pace(Clock clock, double rowsPerSecond, ImpactGuard guard) {
    this.clock = clock;
    this.rowsPerSecond = rowsPerSecond;
    this.guard = guard;
    this.nextNanos = clock.nanos();
  }

  /**
   * Waits until these rows are within the limit.
   *
   * @param rows the rows that were just read or written
   * @param busyNanos the time that they took, without earlier waits
   */
  public void after(int rows, long busyNanos) throws InterruptedException {
    double share = guard.share();
    long idle = share >= 1 ? 0 : (long) (busyNanos * (1 / share - 1));
    long due = rowsPerSecond <= 0 ? 0 : due(rows);
    long wait = Math.max(idle, due);
    if (wait > 0) {
      clock.pause(wait);
    }
  }

  private synchronized long due(int rows) {
    long now = clock.nanos();
    nextNanos = Math.max(nextNanos, now) + (long) (rows * 1e9 / rowsPerSecond);
    return nextNanos - now;
  }
}
