package io.dimstore.tck;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Plays the server of {@link PlayedStore}: it answers at once, unless it is made to misbehave. What
 * it keeps waiting while it is stuck is carried out when that ends. Thread-safe.
 */
final class PlayedServer {

  private final Set<Waiting<?>> waiting = ConcurrentHashMap.newKeySet();
  private final AtomicInteger reorganised = new AtomicInteger();
  private volatile Provocation playing;

  /** Misbehaves until the returned end is run. */
  Runnable play(Provocation what) {
    if (what == Provocation.REORGANISED) {
      reorganised.incrementAndGet();
      return () -> {};
    }
    playing = what;
    return () -> {
      playing = null;
      for (Waiting<?> each : waiting) {
        if (waiting.remove(each)) {
          each.carryOut();
        }
      }
    };
  }

  boolean plays(Provocation what) {
    return playing == what;
  }

  /** How often the partitions of its tables were moved. */
  int reorganised() {
    return reorganised.get();
  }

  /** Carries out a request now, or when the server is no longer stuck. */
  <T> Request<T> ask(Supplier<CompletionStage<T>> work) {
    Waiting<T> request = new Waiting<>(work);
    waiting.add(request);
    if (!plays(Provocation.STUCK) && waiting.remove(request)) {
      request.carryOut();
    }
    return new Request<>(request.answer, () -> waiting.remove(request));
  }

  /**
   * A request on its way.
   *
   * @param answer what the server will say
   * @param forget takes the request back if it still waits
   */
  record Request<T>(CompletableFuture<T> answer, Runnable forget) {}

  private record Waiting<T>(Supplier<CompletionStage<T>> work, CompletableFuture<T> answer) {

    Waiting(Supplier<CompletionStage<T>> work) {
      this(work, new CompletableFuture<>());
    }

    void carryOut() {
      try {
        work.get()
            .whenComplete(
                (value, failure) -> {
                  if (failure != null) {
                    answer.completeExceptionally(failure);
                  } else {
                    answer.complete(value);
                  }
                });
      } catch (RuntimeException e) {
        answer.completeExceptionally(e);
      }
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }
}
