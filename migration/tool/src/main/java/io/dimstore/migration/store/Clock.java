// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.store;

import java.util.concurrent.TimeUnit;

/** The time of a run, and how it waits. Tests replace it, so that no test sleeps. Thread-safe. */
public interface Clock {

  /** The clock of this machine. */
  Clock SYSTEM =
      new Clock() {
        @Override
        public long millis() {
          return System.currentTimeMillis();
        }

        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public void pause(long nanos) throws InterruptedException {
          TimeUnit.NANOSECONDS.sleep(nanos);
        }
      };

  /** Returns the wall-clock time in epoch milliseconds. */
  long millis();

  /** Returns a time that never goes back, in nanoseconds. */
  long nanos();

  /** Waits. */
  void pause(long nanos) throws InterruptedException;
}
