// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import static io.dimstore.interleavings.Threads.require;

import io.dimstore.interleavings.Threads;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A call is admitted while the timer of an earlier call, which has ended, runs. */
final class AdmissionTimerScenario implements Runnable {

  @Override
  public void run() {
    Queue<Runnable> timers = new ConcurrentLinkedQueue<>();
    Admission admission =
        new Admission(
            "store",
            1,
            Duration.ZERO,
            (task, delayNanos) -> {
              timers.add(task);
              return () -> {};
            });
    CompletableFuture<Integer> work = new CompletableFuture<>();
    admission.admit(1, deadline -> work);
    work.complete(1);
    Runnable timer = timers.remove();
    AtomicInteger ends = new AtomicInteger();
    Threads.run(
        timer,
        () ->
            admission
                .admit(1, deadline -> new CompletableFuture<>())
                .whenComplete((value, failure) -> ends.incrementAndGet()));
    for (Runnable next = timers.poll(); next != null; next = timers.poll()) {
      next.run();
    }
    require(ends.get() == 1, "a call did not end at its deadline");
  }
}
