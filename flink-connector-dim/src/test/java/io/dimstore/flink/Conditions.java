// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other threads bring about. */
public final class Conditions {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private Conditions() {}

  /**
   * Waits until a condition is true.
   *
   * @throws AssertionError if it is not true within a minute, or the thread is interrupted
   */
  public static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
        throw new AssertionError("The condition did not come true");
      }
      LockSupport.parkNanos(5_000_000);
    }
  }
}
