// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.cache;

import java.io.Serializable;
import java.time.Duration;

/**
 * The settings of a table's cache.
 *
 * @param full whether the cache loads the whole table before the first lookup
 * @param maxBytes the most estimated bytes of all entries
 * @param maxAge how old a row may be
 * @param absentMaxAge how old the absence of a row may be; zero if absences are not cached
 * @param maxAgeOnError how old a row or an absence may be if the store fails; zero if a failure is
 *     never answered from the cache
 * @param following how the table's change feed is followed
 */
public record CacheSettings(
    boolean full,
    long maxBytes,
    Duration maxAge,
    Duration absentMaxAge,
    Duration maxAgeOnError,
    Following following)
    implements Serializable {

  /**
   * How the change feed of the table is followed.
   *
   * @param enabled whether it is followed, if the store has one
   * @param interval how long to wait after a page without changes
   * @param maxAge how old the read of an entry may be while the feed is followed
   */
  public record Following(boolean enabled, Duration interval, Duration maxAge)
      implements Serializable {}
}
