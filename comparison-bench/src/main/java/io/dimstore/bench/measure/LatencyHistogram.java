// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.measure;

import org.HdrHistogram.Histogram;

/**
 * Latencies from the scheduled start of each request. If a subject stalls, the requests that wait
 * behind it count with their waiting time (no coordinated omission). Values are kept to three
 * significant digits, at most one hour. Not thread-safe.
 */
public final class LatencyHistogram {

  private static final long HIGHEST_MICROS = 3_600_000_000L;

  private final Histogram micros = new Histogram(HIGHEST_MICROS, 3);

  /**
   * Adds one request. A negative latency, which a coarse clock can produce, counts as 0.
   *
   * @param scheduledMillis when the request was due, in epoch milliseconds
   * @param endMillis when its response was complete
   */
  public void add(double scheduledMillis, double endMillis) {
    long latency = (long) ((endMillis - scheduledMillis) * 1_000);
    micros.recordValue(Math.min(HIGHEST_MICROS, Math.max(0, latency)));
  }

  /** Returns a percentile in milliseconds, or 0 if nothing was added. */
  public double percentileMillis(double percentile) {
    return micros.getValueAtPercentile(percentile) / 1e3;
  }
}
