// SPDX-License-Identifier: Apache-2.0
package io.dimstore.interleavings;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Runs the threads of a scenario. */
public final class Threads {

  private Threads() {}

  /**
   * Runs each task on its own thread and waits until all have ended.
   *
   * @throws IllegalStateException if a task throws an exception or an error. It is thrown on the
   *     calling thread, because Lincheck sees only exceptions of the scenario's first thread
   */
  public static void run(Runnable... works) {
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (Runnable work : works) {
      threads.add(
          new Thread(
              () -> {
                try {
                  work.run();
                } catch (RuntimeException | AssertionError e) {
                  failure.compareAndSet(null, e);
                } catch (Error e) {
                  failure.compareAndSet(null, e);
                  // Lincheck ends the threads of an interleaving with an error of its own.
                  throw e;
                }
              }));
    }
    for (Thread thread : threads) {
      thread.start();
    }
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    Throwable thrown = failure.get();
    if (thrown != null) {
      throw new IllegalStateException(thrown.getMessage(), thrown);
    }
  }

  /** Fails the scenario unless the condition holds. */
  public static void require(boolean condition, String what) {
    if (!condition) {
      throw new IllegalStateException("Broken: " + what);
    }
  }
}
