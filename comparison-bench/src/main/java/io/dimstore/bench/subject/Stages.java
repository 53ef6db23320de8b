// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.subject;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Waits for asynchronous calls. */
public final class Stages {

  private static final long LIMIT_SECONDS = 300;

  private Stages() {}

  /**
   * Waits for a stage and returns its value.
   *
   * @throws BenchException if the stage fails or does not complete within minutes
   */
  public static <V extends @Nullable Object> V await(CompletionStage<V> stage) {
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
}
