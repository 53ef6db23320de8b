// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.generate;

import io.dimstore.cli.DurationText;
import io.dimstore.events.record.EventTimes;
import java.time.Duration;
import java.time.Instant;

/**
 * Options of the generator. Equal options produce the same bytes on every machine. A larger {@code
 * count} continues the same stream. Shares are probabilities from 0 to 1. Start from {@link
 * #defaults} and change individual values. Values out of range fail with {@link
 * IllegalArgumentException}.
 *
 * @param seed the seed of all random sequences
 * @param count number of events to generate
 * @param returns share of events that are returns
 */
public record GeneratorOptions(
    long seed, long count, Keys keys, Changes changes, Times times, double returns) {

  /** Refuses a negative count and a share out of range. */
  public GeneratorOptions {
    require(count >= 0, "count", count, "not negative");
    requireShare("returns", returns);
  }

  /**
   * The users and items that events refer to. The probability of the k-th most popular user is
   * exactly proportional to k^-userZipf. The same holds for items and itemZipf. An exponent of 0 is
   * uniform.
   *
   * @param users from 1 to {@value #MAX}
   * @param items from 1 to {@value #MAX}
   * @param userZipf from 0 to 10
   * @param itemZipf from 0 to 10
   */
  public record Keys(int users, int items, double userZipf, double itemZipf) {

    /** Maximum number of users and of items. Each user and item takes some memory. */
    public static final int MAX = 10_000_000;

    /** Rejects values out of range. */
    public Keys {
      require(users >= 1 && users <= MAX, "users", users, "from 1 to " + MAX);
      require(items >= 1 && items <= MAX, "items", items, "from 1 to " + MAX);
      require(userZipf >= 0 && userZipf <= 10, "user-zipf", userZipf, "from 0 to 10");
      require(itemZipf >= 0 && itemZipf <= 10, "item-zipf", itemZipf, "from 0 to 10");
    }
  }

  /**
   * How dimension rows change. A user or item that has a row gets it before its first event.
   *
   * @param share share of events before which the row of their user changes again; the change of
   *     the item's row is drawn independently with the same share
   * @param deletes share of these changes that delete the row; the next change creates it again
   * @param rowless share of users that never have a row
   * @param nulls share of nulls in each nullable field: country, level, category and list price
   */
  public record Changes(double share, double deletes, double rowless, double nulls) {

    /** Rejects values out of range. */
    public Changes {
      requireShare("changes", share);
      requireShare("deletes", deletes);
      requireShare("rowless", rowless);
      requireShare("nulls", nulls);
    }
  }

  /**
   * How event time advances.
   *
   * @param base start of event time; 1970 to 9999
   * @param meanGap mean distance of events that are neither late nor ties; at most a year
   * @param late share of events that are older than the newest event so far
   * @param lateBy maximum lateness; 1 ms to a year
   * @param ties share of events that repeat the user and the time of the event before them
   */
  public record Times(Instant base, Duration meanGap, double late, Duration lateBy, double ties) {

    private static final Duration YEAR = Duration.ofDays(365);

    /** Rejects values out of range. */
    public Times {
      require(EventTimes.inRange(base.toEpochMilli()), "base-time", base, "in 1970 to 9999");
      require(
          !meanGap.isNegative() && meanGap.compareTo(YEAR) <= 0,
          "mean-gap",
          DurationText.of(meanGap),
          "from 0s to 365d");
      requireShare("late", late);
      require(
          lateBy.toMillis() >= 1 && lateBy.compareTo(YEAR) <= 0,
          "late-by",
          DurationText.of(lateBy),
          "from 1ms to 365d");
      requireShare("ties", ties);
    }
  }

  /**
   * Returns the default options: 100,000 events of 10,000 users and 2,000 items over about five
   * weeks from 2024 on. They include some late events, ties, deletes, missing rows, nulls and
   * returns.
   */
  public static GeneratorOptions defaults() {
    return new GeneratorOptions(
        1,
        100_000,
        new Keys(10_000, 2_000, 1.0, 1.0),
        new Changes(0.02, 0.05, 0.02, 0.05),
        new Times(
            Instant.parse("2024-01-01T00:00:00Z"),
            Duration.ofSeconds(30),
            0.02,
            Duration.ofMinutes(10),
            0.05),
        0.03);
  }

  /** Returns these options with another seed. */
  public GeneratorOptions withSeed(long newSeed) {
    return new GeneratorOptions(newSeed, count, keys, changes, times, returns);
  }

  /** Returns these options with another count of events. */
  public GeneratorOptions withCount(long newCount) {
    return new GeneratorOptions(seed, newCount, keys, changes, times, returns);
  }

  /** Returns these options with other users and items. */
  public GeneratorOptions withKeys(Keys newKeys) {
    return new GeneratorOptions(seed, count, newKeys, changes, times, returns);
  }

  /** Returns these options with other dimension changes. */
  public GeneratorOptions withChanges(Changes newChanges) {
    return new GeneratorOptions(seed, count, keys, newChanges, times, returns);
  }

  /** Returns these options with another course of event time. */
  public GeneratorOptions withTimes(Times newTimes) {
    return new GeneratorOptions(seed, count, keys, changes, newTimes, returns);
  }

  /** Returns these options with another share of returns. */
  public GeneratorOptions withReturns(double newReturns) {
    return new GeneratorOptions(seed, count, keys, changes, times, newReturns);
  }

  private static void requireShare(String name, double share) {
    require(share >= 0 && share <= 1, name, share, "a share from 0 to 1");
  }

  private static void require(boolean valid, String name, Object value, String range) {
    if (!valid) {
      throw new IllegalArgumentException(name + " is " + value + " and must be " + range);
    }
  }
}
