// SPDX-License-Identifier: Apache-2.0
package io.dimstore.interleavings;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InterleavingsTest {

  /** Two threads that take two locks in different orders. */
  private static void takeLocksInDifferentOrders() {
    Object first = new Object();
    Object second = new Object();
    AtomicInteger held = new AtomicInteger();
    Threads.run(
        () -> {
          synchronized (first) {
            synchronized (second) {
              held.incrementAndGet();
            }
          }
        },
        () -> {
          synchronized (second) {
            synchronized (first) {
              held.incrementAndGet();
            }
          }
        });
  }

  /** A repeated check could miss a deadlock that few interleavings lead to. */
  @Test
  void onlyAnInterleavingThatRanOutOfTimeIsRepeated() {
    String deadlock =
        Interleavings.failure(InterleavingsTest::takeLocksInDifferentOrders).orElseThrow();
    assertTrue(deadlock.contains("Concurrent test has hung"));
    assertFalse(Interleavings.ranOutOfTime(deadlock));
    assertTrue(Interleavings.ranOutOfTime("\n= Concurrent test has hung =\n"));
    assertFalse(Interleavings.ranOutOfTime("\n= Concurrent test failed =\n"));
  }
}
