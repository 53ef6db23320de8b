package io.dimstore.bench.store;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a number of calls under way until all batches are done: whichever call ends starts the
 * next.
 */
final class Pipeline<T> {

  private static final long LIMIT_SECONDS = 300;

  private final List<T> batches;
  private final Function<T, ? extends CompletionStage<?>> call;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger left;
  private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

  private Pipeline(List<T> batches, Function<T, ? extends CompletionStage<?>> call) {
    this.batches = batches;
    this.call = call;
    this.left = new AtomicInteger(batches.size());
  }

  /**
   * Returns when every batch is done.
   *
   * @throws BenchException when one failed
   */
  static <T> void run(
      List<T> batches, int inFlight, Function<T, ? extends CompletionStage<?>> call) {
    if (batches.isEmpty()) {
      return;
    }
    Pipeline<T> pipeline = new Pipeline<>(batches, call);
    for (int i = 0; i < inFlight; i++) {
      pipeline.proceed();
    }
    await(pipeline.end);
  }

  /** The value of a stage; its failure, or none within minutes, is a {@link BenchException}. */
  static <V extends @Nullable Object> V await(CompletionStage<V> stage) {
    try {
      return stage.toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new BenchException("A request failed: " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new BenchException("No answer within " + LIMIT_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("Interrupted", e);
    }
  }

  /** A loop, not a recursion, where calls end at once. */
  private void proceed() {
    while (true) {
      int index = next.getAndIncrement();
      if (index >= batches.size() || end.isDone()) {
        return;
      }
      CompletableFuture<?> running;
      try {
        running = call.apply(batches.get(index)).toCompletableFuture();
      } catch (RuntimeException e) {
        running = CompletableFuture.failedFuture(e);
      }
      if (!running.isDone()) {
        running.whenComplete(
            (value, failure) -> {
              if (goesOn(failure)) {
                proceed();
              }
            });
        return;
      }
      if (!goesOn(running.<@Nullable Throwable>handle((value, failure) -> failure).join())) {
        return;
      }
    }
  }

  private boolean goesOn(@Nullable Throwable failure) {
    if (failure != null) {
      end.completeExceptionally(failure);
    } else if (left.decrementAndGet() == 0) {
      end.complete(null);
    }
    return !end.isDone();
  }
}
