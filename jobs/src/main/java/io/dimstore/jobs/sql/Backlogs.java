// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.sql;

import io.dimstore.jobs.FailureText;
import io.dimstore.jobs.JobException;
import io.dimstore.jobs.StoreCalls;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Maintenance.Backlog;
import io.dimstore.spi.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Counts the writes that are pending for the cache of a table, and formats the count for people.
 */
public final class Backlogs {

  /** The most keys to count, since the store must count within its deadline. */
  private static final int BOUND = 10_000;

  private Backlogs() {}

  /** Counts the backlog of one table. */
  public static Backlog of(Maintenance copies) throws InterruptedException {
    return StoreCalls.await(copies.backlog(BOUND));
  }

  /** Returns a line about each table whose store has a cache, or about what failed. */
  public static List<String> lines(Collection<StoreTable> tables) throws InterruptedException {
    List<String> lines = new ArrayList<>();
    for (StoreTable table : tables) {
      String name = table.spec().name() + ": ";
      try (DimensionStore open = table.open()) {
        Optional<Maintenance> copies = open.table(table.spec()).capability(Maintenance.class);
        if (copies.isPresent()) {
          Backlog backlog = of(copies.get());
          lines.add(
              name + line(backlog) + (backlog.keys() == 0 ? "" : "; 'write repair' repairs them"));
        }
      } catch (StoreException | JobException e) {
        lines.add(
            name
                + "the writes pending for the cache cannot be counted: "
                + FailureText.inOneLine(e));
      }
    }
    return lines;
  }

  /** Returns the number of keys and the age of the oldest. */
  public static String line(Backlog backlog) {
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
