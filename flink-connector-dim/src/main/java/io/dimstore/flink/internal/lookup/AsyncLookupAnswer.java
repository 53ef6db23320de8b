// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

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

  /** When the miss was reported that Flink's retry delegate handles in the current thread. */
  private static final ThreadLocal<Long> MISSED_NANOS = new ThreadLocal<>();

  private final LookupTask task;
  private final Executor waiters;

  AsyncLookupAnswer(LookupTask task, Executor waiters) {
    this.task = task;
    this.waiters = waiters;
  }

  /**
   * Returns when the last lookup found no row, by {@link System#nanoTime}, if the caller is Flink's
   * retry delegate and repeats that lookup. Otherwise returns null.
   */
  static @Nullable Long missedNanos() {
    return MISSED_NANOS.get();
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
   * runs on a waiter thread, so that it blocks neither the common pool nor other rows. It repeats
   * the lookup in that thread. The action is never called for a failure.
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
            waiters.execute(() -> afterMiss(() -> action.accept(rows, null)));
          } else {
            action.accept(rows, null);
          }
        });
  }

  private static void afterMiss(Runnable action) {
    MISSED_NANOS.set(System.nanoTime());
    try {
      action.run();
    } finally {
      MISSED_NANOS.remove();
    }
  }
}
