// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare;

import io.dimstore.bench.report.NumberFormats;

/**
 * Divides the bulk events into those that warm the job up and those that are timed.
 *
 * <p>During its first seconds a job's JVM compiles its code, which takes several times the CPU of
 * the events themselves. Figures of these seconds say little about the store.
 *
 * @param warmUp number of events at the beginning that no timed figure includes
 * @param timed number of events after them
 * @param isWarm whether the timed figures are those of a job that has warmed up. Otherwise they are
 *     in {@code results.json} alone
 */
record TimedPart(int warmUp, int timed, boolean isWarm) {

  private static final int WARM_UP = 50_000;

  private static final int LEAST_TIMED = 25_000;

  private static final double WARM_UP_SHARE = 0.2;

  /** Divides this number of events. */
  static TimedPart of(int bulk) {
    int share = (int) (bulk * WARM_UP_SHARE);
    int warmUp = Math.max(WARM_UP, share);
    return bulk - warmUp >= LEAST_TIMED
        ? new TimedPart(warmUp, bulk - warmUp, true)
        : new TimedPart(share, bulk - share, false);
  }

  /** Says why a report has no timings and what gives them. */
  static String whyNone(long events) {
    return NumberFormats.count(events)
        + " events are too few to warm the job up, so no timings are shown. '--profile quick' and"
        + " '--profile full' give them, with "
        + NumberFormats.count(Profile.QUICK.events)
        + " events or more.";
  }
}
