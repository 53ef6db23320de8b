// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Shows on standard error what a command is doing: each step at once, and within a step at most one
 * line in two seconds. Each line begins with the seconds since the start. Thread-safe.
 */
public final class Progress {

  private static final long INTERVAL_NANOS = 2_000_000_000L;

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

  private record Count(long value, long nanos) {}

  /** Creates a progress that prints to a stream and uses the system's clock. */
  public Progress(PrintWriter err) {
    this(err, System::nanoTime);
  }

  Progress(PrintWriter err, LongSupplier nanos) {
    this.err = err;
    this.nanos = nanos;
    this.start = nanos.getAsLong();
    this.shownAt = start;
    this.last = new Count(0, start);
    this.base = last;
  }

  /** Shows a new step. */
  public synchronized void step(String text) {
    show(text);
  }

  /**
   * Shows the count of the present step, its rate since the last line of any kind, and the time
   * that is left at this rate.
   *
   * @param total negative if it is not known
   */
  public synchronized void update(String text, long done, long total) {
    if (!text.equals(counting)) {
      counting = text;
      base = new Count(0, shownAt);
    }
    last = new Count(done, nanos.getAsLong());
    if (last.nanos - shownAt < INTERVAL_NANOS) {
      return;
    }
    String of = total < 0 ? "" : String.format(Locale.ROOT, " of %,d", total);
    double perSecond = Math.max(0, done - base.value) * 1e9 / (last.nanos - base.nanos);
    show(
        String.format(
            Locale.ROOT,
            "%s: %,d%s (%,.0f/s%s)",
            text,
            done,
            of,
            perSecond,
            left(total - done, perSecond)));
    step = text;
  }

  private static String left(long count, double perSecond) {
    if (count <= 0 || perSecond == 0) {
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
