package io.dimstore.hbaseredis;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Runs asynchronous work one after the other, in the order in which it came. Thread-safe. */
final class Turns {

  private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

  /** Begins the work when all that came before has ended, however it ended. */
  <T> CompletableFuture<T> inTurn(Supplier<CompletableFuture<T>> work) {
    CompletableFuture<?> before;
    CompletableFuture<T> mine = new CompletableFuture<>();
    synchronized (this) {
      before = last;
      last = mine;
    }
    before.whenComplete(
        (done, ignored) -> {
          CompletableFuture<T> begun;
          try {
            begun = work.get();
          } catch (RuntimeException e) {
            begun = CompletableFuture.failedFuture(e);
          }
          begun.whenComplete(
              (value, failure) -> {
                if (failure != null) {
                  mine.completeExceptionally(failure);
                } else {
                  mine.complete(value);
                }
              });
        });
    return mine;
  }
}
