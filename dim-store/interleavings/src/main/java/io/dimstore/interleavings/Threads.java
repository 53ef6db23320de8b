package io.dimstore.interleavings;

import java.util.ArrayList;
import java.util.List;

/** Threads of a scenario, which begin together. */
public final class Threads {

  private Threads() {}

  /** Runs each of these on a thread of its own and waits until all have ended. */
  public static void run(Runnable... works) {
    List<Thread> threads = new ArrayList<>();
    for (Runnable work : works) {
      threads.add(new Thread(work));
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
  }

  /** Fails the scenario unless the condition holds. */
  public static void require(boolean condition, String what) {
    if (!condition) {
      throw new IllegalStateException("Broken: " + what);
    }
  }
}
