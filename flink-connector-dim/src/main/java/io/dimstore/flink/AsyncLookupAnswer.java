package io.dimstore.flink;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.apache.flink.table.data.RowData;

/**
 * The rows of one asynchronous lookup, in a form in which Flink cannot take a failure for a miss.
 *
 * <p>A failure does not complete the answer: it fails the task, and the row stays in flight. So it
 * cannot be mistaken by Flink's delegate for the retry of a LOOKUP hint, which drops the failure of
 * an answer and goes on without rows. Without the hint it closes another gap: Flink removes a row
 * whose lookup failed from the rows in flight before the task has ended, and a checkpoint in
 * between would lose it.
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
   * Subscribes Flink's retry delegate, the only caller. The delegate sleeps inside its action when
   * the lookup found nothing: that action runs on a thread that may wait, instead of the common
   * pool. Other rows go on at once. The action never runs for a failure.
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
