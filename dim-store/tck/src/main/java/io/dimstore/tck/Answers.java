// SPDX-License-Identifier: Apache-2.0
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

/** Waits for stages and conditions, at most for the harness's {@code patience}. */
final class Answers {

  /**
   * A wait is divided into parts, so that a pause of the whole process, by a garbage collection or
   * a busy machine, takes one part of the patience at most.
   */
  private static final int PARTS = 20;

  private final Duration patience;

  Answers(Duration patience) {
    this.patience = patience;
  }

  /**
   * Waits for a stage and returns its value.
   *
   * @throws StoreException if the stage failed
   */
  <T extends @Nullable Object> T await(CompletionStage<T> stage) {
    try {
      return get(stage);
    } catch (ExecutionException e) {
      StoreException failure = StoreException.find(e);
      if (failure != null) {
        throw failure;
      }
      throw new AssertionError("R11: all failures must be a StoreException", e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("No answer within " + patience, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    }
  }

  /** Waits for work on a thread of the test, and fails if the work failed. */
  void awaitWork(CompletionStage<Void> work) {
    try {
      get(work);
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

  private <T extends @Nullable Object> T get(CompletionStage<T> stage)
      throws InterruptedException, ExecutionException, TimeoutException {
    for (int part = 1; ; part++) {
      try {
        return stage.toCompletableFuture().get(patience.toNanos() / PARTS, TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        if (part == PARTS) {
          throw e;
        }
      }
    }
  }

  /** Returns the failure of a call; asserts that its stage failed with a {@link StoreException}. */
  StoreException failureOf(Supplier<? extends CompletionStage<?>> call) {
    CompletionStage<?> stage;
    try {
      stage = call.get();
    } catch (RuntimeException e) {
      throw new AssertionError("R11: a call must not throw, but fail its stage", e);
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

  /** Returns the value of a call; repeats the call while it fails with a retryable kind. */
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

  /** Waits until a call has succeeded or failed. */
  void end(Supplier<? extends CompletionStage<?>> call) {
    try {
      await(call.get());
    } catch (StoreException e) {
      // A failed call has ended too.
    }
  }

  /** Waits until a condition holds, and returns whether it does. */
  boolean eventually(BooleanSupplier condition) {
    return eventually(condition, patience);
  }

  /** Waits at most this long until a condition holds, and returns whether it does. */
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
