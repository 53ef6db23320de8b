package io.dimstore.flink;

import io.dimstore.spi.StoreException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Failures of a store as a job reports them: what was done, the kind, the message. */
final class Failures {

  private Failures() {}

  /** The failure of a job that was doing this. */
  static IOException of(String doing, Throwable failure) {
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

  /** Waits for a stage that is known to end. */
  static <T extends @Nullable Object> T await(CompletableFuture<T> future, String doing)
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
      case THROTTLED, UNAVAILABLE, TIMEOUT ->
          ". It was tried again until 'retry-timeout' was over.";
      default -> "";
    };
  }
}
