package io.dimstore.spi;

import java.time.Duration;

/** The point in monotonic time at which a call ends. */
public final class Deadline {

  private final long endNanos;

  private Deadline(long endNanos) {
    this.endNanos = endNanos;
  }

  /** A deadline that begins now. */
  public static Deadline after(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos());
  }

  /** Nanoseconds that are left; 0 or less when it is over. */
  public long remainingNanos() {
    return endNanos - System.nanoTime();
  }

  /** Whether no time is left. */
  public boolean isOver() {
    return remainingNanos() <= 0;
  }
}
