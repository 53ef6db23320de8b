// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.backfill;

import java.io.Serializable;
import java.time.Duration;

/**
 * How a backfill runs. Only {@code splits} is fixed by the first process of a backfill; all others
 * may differ from process to process.
 *
 * @param splits the number of splits that the first process plans; the store may choose another
 * @param parallelism the number of splits that this process copies at a time
 * @param pageSize the most rows of a page: what is read at once and written at once
 * @param pagesInFlight the pages of a split that may be written at the same time
 * @param rowsPerSecond the limit of this process, or 0 for none
 * @param processes how many processes run this backfill; each keeps to its part of the limits of
 *     units per second that the tables have
 * @param lease how long a split stays with a process that reports no progress
 * @param saveInterval the time between two reports of progress of a split
 * @param patience how long a failed call is repeated before the run fails
 * @param impactFactor how much the 99th percentile of lookups in the source may rise before the
 *     copy slows down, or 0 to not measure it
 * @param probesPerSecond the number of lookups to measure per second
 * @param young rows with a version that is at most this much older than the time at which they were
 *     read are read again after they were written, in case that another row of an equal version
 *     took their place
 */
public record BackfillSettings(
    int splits,
    int parallelism,
    int pageSize,
    int pagesInFlight,
    double rowsPerSecond,
    int processes,
    Duration lease,
    Duration saveInterval,
    Duration patience,
    double impactFactor,
    int probesPerSecond,
    Duration young)
    implements Serializable {

  /** Refuses numbers that make no sense. */
  public BackfillSettings {
    if (splits < 1
        || parallelism < 1
        || pageSize < 1
        || pagesInFlight < 1
        || processes < 1
        || probesPerSecond < 1
        || rowsPerSecond < 0
        || impactFactor < 0) {
      throw new IllegalArgumentException("Counts are at least 1, rates and factors at least 0");
    }
    if (lease.compareTo(saveInterval.multipliedBy(2)) < 0) {
      throw new IllegalArgumentException("The lease is at least twice the save interval");
    }
  }

  /** Returns these settings without measuring lookups of the source. */
  public BackfillSettings withoutImpact() {
    return new BackfillSettings(
        splits,
        parallelism,
        pageSize,
        pagesInFlight,
        rowsPerSecond,
        processes,
        lease,
        saveInterval,
        patience,
        0,
        probesPerSecond,
        young);
  }

  /** Returns the defaults. */
  public static BackfillSettings defaults() {
    return new BackfillSettings(
        64,
        4,
        1_000,
        4,
        0,
        1,
        Duration.ofSeconds(30),
        Duration.ofSeconds(2),
        Duration.ofMinutes(10),
        0,
        20,
        Duration.ofMinutes(1));
  }
}
