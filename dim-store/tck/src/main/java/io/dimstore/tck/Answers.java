package io.dimstore.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.StoreException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits for stages, and for conditions, as long as the harness has patience. */
final class Answers {

  private final Duration patience;

  Answers(Duration patience) {
    this.patience = patience;
  }

  /**
   * The value of a stage.
   *
   * @throws StoreException if it failed
   */
  <T extends @Nullable Object> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      StoreException failure = StoreException.find(e);
      if (failure != null) {
        throw failure;
      }
      throw new AssertionError("R11: all failures are a StoreException", e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("No answer within " + patience, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    }
  }

  /** Waits for work of the test's own, and fails as it failed. */
  void awaitWork(CompletionStage<Void> work) {
    try {
      work.toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AssertionError failed) {
        throw failed;
      }
      throw new AssertionError("Failed on a thread of the test", e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("Not done within " + patience, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    }
  }

  /** The failure of a call: through its stage, and a {@link StoreException}. */
  StoreException failureOf(Supplier<? extends CompletionStage<?>> call) {
    CompletionStage<?> stage;
    try {
      stage = call.get();
    } catch (RuntimeException e) {
      throw new AssertionError("R11: a call fails through its stage, it does not throw", e);
    }
    try {
      Object value = await(stage);
      throw new AssertionError("Expected a failure, but the answer was " + value);
    } catch (StoreException e) {
      return e;
    }
  }

  /** Asserts that a call fails with this kind. */
  StoreException assertFails(
      StoreException.Kind kind, Supplier<? extends CompletionStage<?>> call) {
    StoreException failure = failureOf(call);
    assertThat(failure.kind()).as("kind of: %s", failure.getMessage()).isEqualTo(kind);
    return failure;
  }

  /** The value of a call that is made again while it fails with what may pass. */
  <T extends @Nullable Object> T retried(Supplier<? extends CompletionStage<T>> call) {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        return await(call.get());
      } catch (StoreException e) {
        if (!e.kind().isRetryable() || System.nanoTime() - end > 0) {
          throw e;
        }
        java.util.concurrent.locks.LockSupport.parkNanos(10_000_000L);
      }
    }
  }

  /** Asserts that a call fails with a kind that may be retried. */
  StoreException assertMayBeRetried(Supplier<? extends CompletionStage<?>> call) {
    StoreException failure = failureOf(call);
    assertThat(failure.kind().isRetryable()).as("may be retried: %s", failure).isTrue();
    return failure;
  }

  /** Waits until a call has ended, in whatever way. */
  void end(Supplier<? extends CompletionStage<?>> call) {
    try {
      await(call.get());
    } catch (StoreException e) {
      // It has ended.
    }
  }

  /** Waits until a condition holds; whether it does. */
  boolean eventually(BooleanSupplier condition) {
    return eventually(condition, patience);
  }

  /** Waits this long until a condition holds; whether it does. */
  boolean eventually(BooleanSupplier condition, Duration within) {
    long end = System.nanoTime() + within.toNanos();
    long pause = 200_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      java.util.concurrent.locks.LockSupport.parkNanos(pause);
      pause = Math.min(10_000_000L, pause * 2);
    }
    return true;
  }
}
