// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.store;

import java.util.Arrays;

/**
 * Slows a run down while lookups of the source take longer than before it. It compares the 99th
 * percentile of each window of probes with that of the first window, which is measured before the
 * run begins. If the percentile has risen by more than the factor, it halves the share of time in
 * which the run may work. Otherwise it raises the share by a quarter. Thread-safe.
 *
 * <p>The percentile of a small window is uncertain, so one slow probe in a window of 100 does not
 * slow the run down: the percentile by nearest rank ignores the slowest of 100.
 */
public final class ImpactGuard {

  /** The least share: the run never stops. */
  static final double LEAST = 1.0 / 64;

  private final double factor;
  private final long[] window;
  private int probes;
  private long baselineNanos;
  private long lastNanos;
  private double share = 1;
  private double leastShare = 1;

  /**
   * Creates a guard.
   *
   * @param factor how much the percentile may rise, or 0 to never slow down
   * @param window the number of probes to compare at a time
   */
  public ImpactGuard(double factor, int window) {
    this.factor = factor;
    this.window = new long[window];
  }

  /** Returns a guard that never slows down. */
  public static ImpactGuard none() {
    return new ImpactGuard(0, 1);
  }

  /** Whether probes are wanted. */
  public boolean isOn() {
    return factor > 0;
  }

  /** Adds the time that a lookup took. */
  public synchronized void observe(long nanos) {
    window[probes++] = nanos;
    if (probes < window.length) {
      return;
    }
    probes = 0;
    Arrays.sort(window);
    lastNanos = window[(window.length * 99 + 99) / 100 - 1];
    if (baselineNanos == 0) {
      baselineNanos = Math.max(1, lastNanos);
    } else if (lastNanos > baselineNanos * factor) {
      share = Math.max(LEAST, share / 2);
    } else {
      share = Math.min(1, share * 1.25);
    }
    leastShare = Math.min(leastShare, share);
  }

  /** Whether the first window has been measured. */
  public synchronized boolean hasBaseline() {
    return baselineNanos > 0;
  }

  /** Returns the part of its time that the run may use, above 0 and at most 1. */
  public synchronized double share() {
    return share;
  }

  /** Returns what was measured so far. */
  public synchronized Impact impact() {
    return new Impact(
        baselineNanos / 1_000,
        lastNanos / 1_000,
        Math.round(share * 100),
        Math.round(leastShare * 100));
  }

  /**
   * The latency of lookups during a run.
   *
   * @param baselineMicros the 99th percentile before the run; 0 if it was not measured
   * @param lastMicros the 99th percentile of the last window
   * @param sharePercent the part of its time that the run may use at the end
   * @param leastSharePercent the smallest such part during the run
   */
  public record Impact(
      long baselineMicros, long lastMicros, long sharePercent, long leastSharePercent) {}
}
