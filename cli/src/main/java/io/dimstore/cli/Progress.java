// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Shows on standard error what a command is doing: each step at once, and within a step at most one
 * line in two seconds, or in ten while its count does not change. Each line begins with the seconds
 * since the start. Thread-safe.
 */
public final class Progress {

  private static final long INTERVAL_NANOS = 2_000_000_000L;

  /** The interval of lines that repeat the same count, for instance while a job starts. */
  private static final long UNCHANGED_NANOS = 10_000_000_000L;

  /** With a smaller count, unless it is a tenth of the total, a rate says little. */
  private static final int ENOUGH = 100;

  private final PrintWriter err;
  private final LongSupplier nanos;
  private final long start;
  private long shownAt;
  private String step = "";
  private String counting = "";

  /** The most recent count of the present step, whether or not a line has shown it. */
  private Count last;

  /** The count at the time of the last line of any kind. The next rate is computed from it. */
  private Count base;

  /** The count at the beginning of the present step. */
  private Count first;

  private record Count(long value, long nanos) {}

  /** Creates a progress that prints to a stream and uses the system's clock. */
  public Progress(PrintWriter err) {
    this(err, System::nanoTime);
  }

  /**
   * Creates a progress that prints to a stream.
   *
   * @param nanos the time in nanoseconds, which never goes back
   */
  public Progress(PrintWriter err, LongSupplier nanos) {
    this.err = err;
    this.nanos = nanos;
    this.start = nanos.getAsLong();
    this.shownAt = start;
    this.last = new Count(0, start);
    this.base = last;
    this.first = last;
  }

  /** Shows a new step. */
  public synchronized void step(String text) {
    show(text);
  }

  /**
   * Shows the count of the present step, its rate since the last line of any kind, and the time
   * that is left at this rate or, if that is faster, at the mean rate of the step. No time is shown
   * while the count is too small for an estimate, for instance when a job has just started.
   *
   * @param total negative if it is not known
   */
  public synchronized void update(String text, long done, long total) {
    if (!text.equals(counting)) {
      counting = text;
      base = new Count(0, shownAt);
      first = base;
    }
    last = new Count(done, nanos.getAsLong());
    boolean repeats = text.equals(step) && done == base.value;
    if (last.nanos - shownAt < (repeats ? UNCHANGED_NANOS : INTERVAL_NANOS)) {
      return;
    }
    String of = total < 0 ? "" : String.format(Locale.ROOT, " of %,d", total);
    double perSecond = perSecond(base);
    show(
        String.format(
            Locale.ROOT,
            "%s: %,d%s (%,.0f/s%s)",
            text,
            done,
            of,
            perSecond,
            left(done, total, Math.max(perSecond, perSecond(first)))));
    step = text;
  }

  /** Returns the rate from then to the most recent count. */
  private double perSecond(Count since) {
    return Math.max(0, last.value - since.value) * 1e9 / (last.nanos - since.nanos);
  }

  private static String left(long done, long total, double perSecond) {
    long count = total - done;
    boolean tooFew = done < ENOUGH && done < total / 10;
    if (count <= 0 || perSecond == 0 || tooFew) {
      return "";
    }
    long seconds = (long) Math.ceil(count / perSecond);
    return seconds < 120
        ? String.format(Locale.ROOT, ", %d s left", seconds)
        : String.format(Locale.ROOT, ", %d min left", (seconds + 59) / 60);
  }

  /** Shows a line about the present step. */
  public synchronized void update(Supplier<String> text) {
    if (nanos.getAsLong() - shownAt >= INTERVAL_NANOS) {
      show(text.get());
    }
  }

  /** Shows a line. The text before its colon is the step. */
  public synchronized void line(String text) {
    int colon = text.indexOf(':');
    String next = colon < 0 ? text : text.substring(0, colon);
    if (next.equals(step)) {
      update(() -> text);
    } else {
      show(text);
      step = next;
    }
  }

  /** Seconds since the start. */
  public double seconds() {
    return (nanos.getAsLong() - start) / 1e9;
  }

  private void show(String text) {
    err.printf(Locale.ROOT, "[%6.1f s] %s%n", seconds(), text);
    err.flush();
    shownAt = nanos.getAsLong();
    base = last;
  }
}
