package io.dimstore.bench;

import java.io.PrintStream;
import java.util.Locale;

/** Tells on standard error what goes on: each step as a line, long steps once a second. */
final class Progress {

  private static final long INTERVAL_NANOS = 1_000_000_000L;

  private final PrintStream out;
  private final long start = System.nanoTime();
  private long lastUpdate;

  Progress(PrintStream out) {
    this.out = out;
  }

  /** A new step. */
  synchronized void step(String text) {
    out.printf(Locale.ROOT, "[%6.1f s] %s%n", seconds(), text);
    lastUpdate = System.nanoTime();
  }

  /** How far the present step is; {@code total} below 0 where it is not known. */
  synchronized void update(String text, long done, long total) {
    if (System.nanoTime() - lastUpdate < INTERVAL_NANOS) {
      return;
    }
    String of = total < 0 ? "" : " of " + Figures.count(total);
    step(text + ": " + Figures.count(done) + of);
  }

  double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }
}
