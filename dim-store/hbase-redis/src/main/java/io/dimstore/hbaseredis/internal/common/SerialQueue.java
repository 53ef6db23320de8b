// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.common;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Runs asynchronous tasks one after another, in the order in which they were added. Thread-safe.
 */
public final class SerialQueue {

  private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

  /**
   * Begins the task when all tasks added before it have ended, successfully or not. The result
   * fails as the task does, also if the supplier throws.
   */
  public <T> CompletableFuture<T> inTurn(Supplier<CompletableFuture<T>> work) {
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
          } catch (RuntimeException | Error e) {
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
