package io.dimstore.writer;

import io.dimstore.spi.StoreException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** What a run of the writer could not do. The message is one line for people, with the remedy. */
public final class WriterException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final int MAX_CAUSES = 50;

  /** A failure with its cause, where there is one. */
  public WriterException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * The one line that tells most about a failure: that of the store if it is the store's, else that
   * of the innermost cause. Outer messages of Flink list whole table options, and are left out.
   */
  static String line(Throwable failure) {
    Throwable inner = failure;
    for (int i = 0; i < MAX_CAUSES && inner.getCause() != null; i++) {
      if (inner instanceof StoreException || inner instanceof WriterException) {
        break;
      }
      inner = inner.getCause();
    }
    String message = inner.getMessage();
    if (message == null || message.isBlank()) {
      return inner.getClass().getSimpleName();
    }
    String text = inner instanceof StoreException e ? e.kind() + ": " + message : message;
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  /** What a future failed with, out of its wrappers. */
  static Throwable unwrapped(Throwable failure) {
    Throwable inner = failure;
    while (inner.getCause() != null
        && (inner instanceof CompletionException || inner instanceof ExecutionException)) {
      inner = inner.getCause();
    }
    return inner;
  }
}
