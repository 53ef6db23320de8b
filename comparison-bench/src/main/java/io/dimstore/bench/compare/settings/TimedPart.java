// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.settings;

import io.dimstore.cli.report.NumberFormats;

/**
 * Divides the bulk events into those that warm the job up and those that are timed.
 *
 * <p>During its first seconds a job's JVM compiles its code, which takes several times the CPU of
 * the events themselves. Figures of these seconds say little about the store.
 *
 * @param warmUp number of events at the beginning that no timed figure includes
 * @param timed number of events after them
 * @param isWarm whether the timed figures are those of a job that has warmed up, and the latencies
 *     enough for their percentiles. Otherwise they are in {@code results.json} alone
 */
public record TimedPart(int warmUp, int timed, boolean isWarm) {

  private static final int WARM_UP = 50_000;

  private static final int LEAST_TIMED = 25_000;

  private static final double WARM_UP_SHARE = 0.2;

  /** Fewer latencies than these have less than ten above their 99th percentile. */
  private static final int LEAST_PACED = 1_000;

  /**
   * Divides the bulk events.
   *
   * @param bulk the number of bulk events
   * @param paced the number of events after them that are sent at a fixed rate
   */
  public static TimedPart of(int bulk, int paced) {
    int share = (int) (bulk * WARM_UP_SHARE);
    int warmUp = Math.max(WARM_UP, share);
    return bulk - warmUp >= LEAST_TIMED && paced >= LEAST_PACED
        ? new TimedPart(warmUp, bulk - warmUp, true)
        : new TimedPart(share, bulk - share, false);
  }

  /**
   * Says why a report has no timings and what gives them.
   *
   * @param events the number of all events
   * @param paced how many of them were sent at a fixed rate
   */
  public static String whyNone(long events, int paced) {
    return NumberFormats.count(events)
        + " events, "
        + NumberFormats.count(paced)
        + " of them at a fixed rate, are too few to warm the job up and to time it, so no timings"
        + " are shown. '--profile quick' and '--profile full' give them, with "
        + NumberFormats.count(Profile.QUICK.events)
        + " events or more.";
  }
}
