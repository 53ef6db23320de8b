// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.store;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
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

        @Override
        public Repetition every(long nanos, Runnable work) {
          ScheduledExecutorService timer =
              Executors.newSingleThreadScheduledExecutor(
                  task -> {
                    Thread thread = new Thread(task, "migration-timer");
                    thread.setDaemon(true);
                    return thread;
                  });
          var unused = timer.scheduleAtFixedRate(work, 0, nanos, TimeUnit.NANOSECONDS);
          return timer::shutdownNow;
        }
      };

  /** Returns the wall-clock time in epoch milliseconds. */
  long millis();

  /** Returns a time that never goes back, in nanoseconds. */
  long nanos();

  /** Waits. */
  void pause(long nanos) throws InterruptedException;

  /**
   * Runs work at a steady rate beside the caller.
   *
   * @param nanos the time between two runs
   * @param work must not throw
   */
  Repetition every(long nanos, Runnable work);

  /** Work that is repeated until this is closed. */
  @FunctionalInterface
  interface Repetition extends AutoCloseable {
    @Override
    void close();
  }
}
