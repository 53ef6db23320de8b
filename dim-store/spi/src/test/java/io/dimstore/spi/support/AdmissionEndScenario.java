// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import static io.dimstore.interleavings.Threads.require;

import io.dimstore.interleavings.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** The work of a call ends while its caller cancels it; then its deadline passes. */
final class AdmissionEndScenario implements Runnable {

  @Override
  public void run() {
    List<Runnable> timeouts = new ArrayList<>();
    Admission admission =
        new Admission(
            "store",
            1,
            Duration.ZERO,
            (task, delayNanos) -> {
              timeouts.add(task);
              return () -> {};
            });
    CompletableFuture<Integer> work = new CompletableFuture<>();
    AtomicInteger ends = new AtomicInteger();
    CompletableFuture<Integer> call = admission.admit(1, deadline -> work).toCompletableFuture();
    call.whenComplete((value, failure) -> ends.incrementAndGet());
    Threads.run(() -> work.complete(1), () -> call.cancel(false));
    timeouts.get(0).run();
    admission.close();
    require(ends.get() == 1, "a call ended " + ends.get() + " times");
    require(admission.pending() == 0, admission.pending() + " keys are still pending");
  }
}
