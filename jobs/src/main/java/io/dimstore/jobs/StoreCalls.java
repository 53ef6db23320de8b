// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs;

import io.dimstore.spi.Durations;
import io.dimstore.spi.StoreException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Waits for calls of stores, for commands that run beside the jobs. */
public final class StoreCalls {

  /** How long a server may take to answer before a command reports it as absent. */
  public static final Duration PATIENCE = Duration.ofSeconds(6);

  private StoreCalls() {}

  /**
   * Waits until a call has ended and returns its result.
   *
   * @throws StoreException if the call fails
   */
  public static <T extends @Nullable Object> T await(CompletionStage<T> call)
      throws InterruptedException {
    try {
      return call.toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  /**
   * Waits for a call, but no longer than the limit.
   *
   * @param what names the server in the message
   * @throws StoreException TIMEOUT at the limit, or the failure of the call
   */
  public static <T extends @Nullable Object> T await(
      CompletionStage<T> call, Duration limit, String what) throws InterruptedException {
    try {
      return call.toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw failure(e);
    } catch (TimeoutException e) {
      throw new StoreException(
          StoreException.Kind.TIMEOUT,
          what + " did not answer within " + Durations.format(limit),
          e);
    }
  }

  private static RuntimeException failure(ExecutionException e) {
    StoreException failure = StoreException.find(e);
    return failure == null ? new JobException(FailureText.inOneLine(e), e) : failure;
  }
}
