// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.apache.flink.table.data.RowData;

/**
 * The future rows of one asynchronous lookup. A failed lookup fails the task instead of completing
 * this future.
 *
 * <p>The row of a failed lookup therefore stays in flight. This prevents two kinds of data loss:
 *
 * <ul>
 *   <li>With a LOOKUP hint, Flink's retry delegate ignores the failure of a future and continues as
 *       if no row had been found.
 *   <li>Without the hint, Flink removes the failed row from the rows in flight before the task has
 *       ended. A checkpoint taken in between would lose the row.
 * </ul>
 */
final class AsyncLookupAnswer extends LookupAnswer {

  private final LookupTask task;
  private final Executor waiters;

  AsyncLookupAnswer(LookupTask task, Executor waiters) {
    this.task = task;
    this.waiters = waiters;
  }

  @Override
  void fail(Throwable failure) {
    if (!task.fail(failure)) {
      completeExceptionally(failure);
    }
  }

  /**
   * Registers the action of Flink's retry delegate, which is the only caller.
   *
   * <p>The delegate sleeps inside the action when the lookup found no row. In that case the action
   * runs on a waiter thread, so that it blocks neither the common pool nor other rows. The action
   * is never called for a failure.
   */
  @Override
  public CompletableFuture<Collection<RowData>> whenCompleteAsync(
      BiConsumer<? super Collection<RowData>, ? super Throwable> action) {
    return whenComplete(
        (rows, failure) -> {
          if (failure != null) {
            return;
          }
          if (rows.isEmpty()) {
            waiters.execute(() -> action.accept(rows, null));
          } else {
            action.accept(rows, null);
          }
        });
  }
}
