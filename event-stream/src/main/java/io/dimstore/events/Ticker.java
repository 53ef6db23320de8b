package io.dimstore.events;

import java.util.concurrent.locks.LockSupport;

/** The clock of a transfer, so that tests need not wait. */
interface Ticker {

  /** Nanoseconds from a fixed but arbitrary point. */
  long nanos();

  /** Epoch milliseconds. */
  long epochMillis();

  /**
   * Returns at that time or soon after; at once where it has passed or the thread is interrupted.
   */
  void awaitNanos(long deadline);

  /** The machine's clocks. */
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
