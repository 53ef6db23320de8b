// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import static io.dimstore.interleavings.Threads.require;

import io.dimstore.interleavings.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** The work of a call ends, its deadline passes and the store closes at the same time. */
final class AdmissionEndScenario implements Runnable {

  @Override
  public void run() {
    List<Runnable> timeouts = new ArrayList<>();
    Admission admission =
        new Admission(
            "store",
            1,
            Duration.ofHours(1),
            (task, delayNanos) -> {
              timeouts.add(task);
              return () -> {};
            });
    CompletableFuture<Integer> work = new CompletableFuture<>();
    AtomicInteger ends = new AtomicInteger();
    admission.admit(1, deadline -> work).whenComplete((value, failure) -> ends.incrementAndGet());
    Threads.run(() -> work.complete(1), timeouts.get(0), admission::close);
    require(ends.get() == 1, "a call ended " + ends.get() + " times");
    require(admission.pending() == 0, admission.pending() + " keys are still pending");
  }
}
