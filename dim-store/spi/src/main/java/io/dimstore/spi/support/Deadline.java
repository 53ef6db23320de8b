// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import java.time.Duration;

/** The point in monotonic time at which a call ends. */
public final class Deadline {

  private final long endNanos;

  private Deadline(long endNanos) {
    this.endNanos = endNanos;
  }

  /** Creates a deadline that is this duration from now. */
  public static Deadline after(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos());
  }

  /** Returns the nanoseconds that are left; 0 or less after the deadline. */
  public long remainingNanos() {
    return endNanos - System.nanoTime();
  }

  /** Returns whether no time is left. */
  public boolean isOver() {
    return remainingNanos() <= 0;
  }
}
