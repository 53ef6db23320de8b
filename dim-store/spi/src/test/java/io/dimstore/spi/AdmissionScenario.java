package io.dimstore.spi;

import static io.dimstore.interleavings.Threads.require;

import io.dimstore.interleavings.Threads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Two threads want the room that one of them can have. */
final class AdmissionScenario implements Runnable {

  @Override
  public void run() {
    Admission admission = new Admission("store", 1, Duration.ofHours(1));
    AtomicInteger running = new AtomicInteger();
    Threads.run(() -> call(admission, running), () -> call(admission, running));
    require(admission.pending() == 0, "room was lost");
  }

  private static void call(Admission admission, AtomicInteger running) {
    admission
        .admit(
            1,
            deadline -> {
              require(running.incrementAndGet() == 1, "more is under way than 'max-pending'");
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
