// SPDX-License-Identifier: Apache-2.0
package io.dimstore.interleavings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.Lincheck;
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

  @Test
  void searchIsRepeatedIfLincheckFails() {
    AtomicInteger searches = new AtomicInteger();
    String failure =
        Interleavings.reported(
                () -> {
                  if (searches.incrementAndGet() < 3) {
                    throw new IndexOutOfBoundsException("thrown by this test in Lincheck's place");
                  }
                  Lincheck.runConcurrentTest(100, InterleavingsTest::takeLocksInDifferentOrders);
                })
            .orElseThrow();
    assertTrue(failure.contains("Concurrent test has hung"));
    assertEquals(3, searches.get());
  }

  @Test
  void failureWithoutReportIsNotTakenForNone() {
    AtomicInteger searches = new AtomicInteger();
    Runnable failsOnce =
        () -> {
          if (searches.incrementAndGet() == 1) {
            throw new IndexOutOfBoundsException("thrown by this test in Lincheck's place");
          }
        };
    assertThrows(AssertionError.class, () -> Interleavings.reported(failsOnce));
  }

  @Test
  void searchIsNotRepeatedForEver() {
    Runnable alwaysFails =
        () -> {
          throw new IndexOutOfBoundsException("thrown by this test in Lincheck's place");
        };
    assertThrows(AssertionError.class, () -> Interleavings.reported(alwaysFails));
  }
}
