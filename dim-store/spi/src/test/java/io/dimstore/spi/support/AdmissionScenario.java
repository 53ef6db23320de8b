// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import static io.dimstore.interleavings.Threads.require;

import io.dimstore.interleavings.Threads;
import io.dimstore.spi.StoreException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Two threads make calls at the same time, and 'max-pending' allows only one call. */
final class AdmissionScenario implements Runnable {

  @Override
  public void run() {
    Admission admission = new Admission("store", 1, Duration.ofHours(1));
    AtomicInteger running = new AtomicInteger();
    Threads.run(() -> call(admission, running), () -> call(admission, running));
    require(admission.pending() == 0, "keys are still pending after all calls ended");
  }

  private static void call(Admission admission, AtomicInteger running) {
    admission
        .admit(
            1,
            deadline -> {
              require(
                  running.incrementAndGet() == 1,
                  "more keys are pending than 'max-pending' allows");
              running.decrementAndGet();
              return CompletableFuture.completedFuture(1);
            })
        .whenComplete(
            (value, failure) ->
                require(
                    failure == null
                        || StoreException.find(failure).kind() == StoreException.Kind.THROTTLED,
                    String.valueOf(failure)));
  }
}
