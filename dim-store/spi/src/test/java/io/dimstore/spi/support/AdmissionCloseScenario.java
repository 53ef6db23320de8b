// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import static io.dimstore.interleavings.Threads.require;

import io.dimstore.interleavings.Threads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A call whose work never ends is admitted while the store closes. */
final class AdmissionCloseScenario implements Runnable {

  @Override
  public void run() {
    Admission admission =
        new Admission("store", 1, Duration.ofHours(1), (task, delayNanos) -> () -> {});
    AtomicInteger ends = new AtomicInteger();
    AtomicBoolean beganLate = new AtomicBoolean();
    Threads.run(
        () -> {
          boolean late = admission.isClosed();
          admission
              .admit(
                  1,
                  deadline -> {
                    beganLate.set(late);
                    return new CompletableFuture<>();
                  })
              .whenComplete((value, failure) -> ends.incrementAndGet());
        },
        admission::close);
    require(!beganLate.get(), "a call began after the store was closed");
    require(ends.get() == 1, "a call ended " + ends.get() + " times");
    require(admission.pending() == 0, admission.pending() + " keys are still pending");
  }
}
