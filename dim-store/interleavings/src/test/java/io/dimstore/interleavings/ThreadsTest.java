// SPDX-License-Identifier: Apache-2.0
package io.dimstore.interleavings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ThreadsTest {

  @Test
  void exceptionOfAThreadFailsTheScenario() {
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class,
            () -> Threads.run(() -> {}, () -> Threads.require(false, "the bound")));
    assertEquals("Broken: the bound", thrown.getMessage());
  }

  @Test
  void failedAssertionOfAThreadFailsTheScenario() {
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                Threads.run(
                    () -> {},
                    () -> {
                      throw new AssertionError("two were expected");
                    }));
    assertEquals("two were expected", thrown.getMessage());
  }
}
