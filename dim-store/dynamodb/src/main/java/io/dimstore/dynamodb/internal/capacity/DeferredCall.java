// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.capacity;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Work that begins later, and the future of its result, which exists already. */
public final class DeferredCall<T> {

  private final Supplier<CompletableFuture<T>> work;
  private final CompletableFuture<T> result = new CompletableFuture<>();

  public DeferredCall(Supplier<CompletableFuture<T>> work) {
    this.work = work;
  }

  /** Returns the future that completes when the work has ended. */
  public CompletableFuture<T> result() {
    return result;
  }

  /**
   * Begins the work and returns its result; to be called once. If the work throws, the result
   * fails.
   */
  public CompletableFuture<T> begin() {
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
    } catch (RuntimeException | Error e) {
      // Also an Error must end the request: otherwise its room and its key stay taken for ever.
      result.completeExceptionally(e);
    }
    return result;
  }
}
