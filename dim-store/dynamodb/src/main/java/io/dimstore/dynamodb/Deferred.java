package io.dimstore.dynamodb;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Work that begins later, and the future that its caller holds already. */
final class Deferred<T> {

  private final Supplier<CompletableFuture<T>> work;
  private final CompletableFuture<T> result = new CompletableFuture<>();

  Deferred(Supplier<CompletableFuture<T>> work) {
    this.work = work;
  }

  /** Completes when the work has ended. */
  CompletableFuture<T> result() {
    return result;
  }

  /** Begins the work, once; what it throws fails the result. */
  CompletableFuture<T> begin() {
    try {
      work.get()
          .whenComplete(
              (value, failure) -> {
                if (failure == null) {
                  result.complete(value);
                } else {
                  result.completeExceptionally(failure);
                }
              });
    } catch (RuntimeException e) {
      result.completeExceptionally(e);
    }
    return result;
  }
}
