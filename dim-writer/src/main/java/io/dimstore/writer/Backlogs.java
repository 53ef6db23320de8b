// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Maintenance.Backlog;
import java.time.Duration;
import java.util.Locale;

/** Counts the backlog of a table, and formats it for people. */
final class Backlogs {

  /** The most keys to count, since the store must count within its deadline. */
  private static final int BOUND = 10_000;

  private Backlogs() {}

  static Backlog of(Maintenance copies) throws InterruptedException {
    return Preflight.await(copies.backlog(BOUND));
  }

  static String line(Backlog backlog) {
    return backlog.keys() == 0
        ? "no write is pending for the cache"
        : String.format(
            Locale.ROOT,
            "%,d keys%s are pending for the cache, the oldest for %s",
            backlog.keys(),
            backlog.more() ? " or more" : "",
            age(backlog.oldestAge()));
  }

  private static String age(Duration age) {
    if (age.toHours() > 0) {
      return age.toHours() + " h " + age.toMinutesPart() + " min";
    }
    return age.toMinutes() > 0
        ? age.toMinutes() + " min " + age.toSecondsPart() + " s"
        : age.toSeconds() + " s";
  }
}
