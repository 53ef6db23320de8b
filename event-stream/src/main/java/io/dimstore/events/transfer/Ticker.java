// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.transfer;

import java.util.concurrent.locks.LockSupport;

/** The clock of a transfer. Tests replace it, so that they need not wait. */
public interface Ticker {

  /** Returns nanoseconds since a fixed but arbitrary point. */
  long nanos();

  /** Returns the current time in epoch milliseconds. */
  long epochMillis();

  /**
   * Waits until this time or shortly after. Returns at once if the time has passed or the thread is
   * interrupted.
   */
  void awaitNanos(long deadline);

  /** Returns a ticker that uses the machine's clocks. */
  static Ticker system() {
    return new Ticker() {
      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public long epochMillis() {
        return System.currentTimeMillis();
      }

      @Override
      public void awaitNanos(long deadline) {
        long left = deadline - System.nanoTime();
        while (left > 0 && !Thread.currentThread().isInterrupted()) {
          LockSupport.parkNanos(left);
          left = deadline - System.nanoTime();
        }
      }
    };
  }
}
