// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.verify;

import java.time.Duration;

/**
 * How a verification runs.
 *
 * @param splits the number of splits to ask each store for
 * @param parallelism the number of splits of each side to read at a time
 * @param pageSize the most rows of a page
 * @param buckets the number of buckets, a power of 2; each takes 48 bytes of memory
 * @param heldRows the most rows to hold in memory at a time while buckets are compared row by row;
 *     each takes about 250 bytes and its key
 * @param settle how long to wait before a key that differs is read again. A change has to reach the
 *     other store within this time
 * @param copySettle how long a copy that a writer did not reach may be read, such as the store's
 *     {@code max-age}. A copy that differs is compared again after it. With 0 it is a difference at
 *     once
 * @param rounds how often a key is read again at most while its versions move
 * @param maxDifferences the number of differences at which the verification stops
 * @param maxExamples the most differences that the result names
 * @param tombstoneRetention a tombstone of a version older than this against no entry is equal
 * @param rowsPerSecond the limit of rows to read from each side, or 0 for none
 * @param patience how long a failed call is repeated before the run fails
 * @param impactFactor how much the 99th percentile of lookups in the source may rise before the
 *     verification slows down, or 0 to not measure it
 * @param probesPerSecond the number of lookups to measure per second
 */
public record VerifySettings(
    int splits,
    int parallelism,
    int pageSize,
    int buckets,
    int heldRows,
    Duration settle,
    Duration copySettle,
    int rounds,
    int maxDifferences,
    int maxExamples,
    Duration tombstoneRetention,
    double rowsPerSecond,
    Duration patience,
    double impactFactor,
    int probesPerSecond) {

  /** Refuses numbers that make no sense. */
  public VerifySettings {
    if (splits < 1
        || parallelism < 1
        || pageSize < 1
        || heldRows < 1
        || rounds < 1
        || maxDifferences < 1
        || probesPerSecond < 1
        || maxExamples < 0
        || rowsPerSecond < 0
        || impactFactor < 0
        || copySettle.isNegative()) {
      throw new IllegalArgumentException(
          "Counts are at least 1; rates, factors and times at least 0");
    }
    if (buckets < 2 || Integer.bitCount(buckets) != 1) {
      throw new IllegalArgumentException("The number of buckets is a power of 2");
    }
  }

  /** Returns the defaults. */
  public static VerifySettings defaults() {
    return new VerifySettings(
        64,
        4,
        1_000,
        1 << 20,
        1_000_000,
        Duration.ofSeconds(5),
        Duration.ZERO,
        6,
        10_000,
        1_000,
        Duration.ofDays(7),
        0,
        Duration.ofMinutes(10),
        0,
        20);
  }
}
