// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.run;

import io.dimstore.bench.subject.BenchException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Waits for the rows of a job, and fails if none arrive any more. */
public final class RowArrival {

  private static final Duration STALL_LIMIT = Duration.ofMinutes(2);

  private RowArrival() {}

  /**
   * Returns when enough events have their rows.
   *
   * @param job what a failure calls the job
   * @param done how many events have their rows
   * @param wanted how many have to
   * @param poll reads the rows that have arrived; returns whether there were any
   * @param meanwhile called when none has arrived; throws if waiting is no longer useful
   * @param log the log that a failure names
   * @throws BenchException if no row arrives for two minutes
   */
  public static void await(
      String job,
      LongSupplier done,
      long wanted,
      BooleanSupplier poll,
      Runnable meanwhile,
      Path log) {
    long lastNews = System.nanoTime();
    while (done.getAsLong() < wanted) {
      if (poll.getAsBoolean()) {
        lastNews = System.nanoTime();
        continue;
      }
      meanwhile.run();
      if (System.nanoTime() - lastNews > STALL_LIMIT.toNanos()) {
        throw new BenchException(
            job
                + " makes no progress: "
                + done.getAsLong()
                + " of "
                + wanted
                + " events have their features, and no feature row arrived for "
                + STALL_LIMIT.toSeconds()
                + " s. Its log: "
                + log);
      }
    }
  }
}
