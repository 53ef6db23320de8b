// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.store;

import io.dimstore.spi.StoreException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Converts failures of a store to the failures that a job reports: the activity, the kind of
 * failure and the message.
 */
public final class ReportedFailures {

  private ReportedFailures() {}

  /** Returns the failure to report for a job that was doing {@code doing}. */
  public static IOException of(String doing, Throwable failure) {
    StoreException known = StoreException.find(failure);
    if (known != null) {
      return new IOException(
          doing + " failed (" + known.kind() + "): " + known.getMessage() + remedy(known), known);
    }
    Throwable inner = failure;
    while ((inner instanceof CompletionException || inner instanceof ExecutionException)
        && inner.getCause() != null) {
      inner = inner.getCause();
    }
    String reason = inner.getMessage() == null ? inner.toString() : inner.getMessage();
    return new IOException(doing + " failed: " + reason, inner);
  }

  /** Waits for a future that is certain to complete. */
  public static <T extends @Nullable Object> T await(CompletableFuture<T> future, String doing)
      throws IOException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw of(doing, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(doing + " was interrupted", e);
    }
  }

  private static String remedy(StoreException failure) {
    return switch (failure.kind()) {
      case NO_TABLE -> ". Remedy: run the job that writes the table first, or check 'table'.";
      case THROTTLED, UNAVAILABLE, TIMEOUT -> ". It was retried until 'retry-timeout' had passed.";
      default -> "";
    };
  }
}
