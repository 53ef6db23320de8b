// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.jobs.JobException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Thrown when a run of the writer fails. The message is one line for people, with the remedy. */
public final class WriterException extends JobException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception with its cause, or null without one. */
  public WriterException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  private WriterException(String message, @Nullable Throwable cause, boolean submitted) {
    super(message, cause, submitted);
  }

  /** Creates the failure of a job after it was submitted to Flink. */
  static WriterException ofJob(String message, Throwable cause) {
    return new WriterException(message, cause, true);
  }

  /** Returns the failure of a future, without its wrappers. */
  static Throwable unwrapped(Throwable failure) {
    Throwable inner = failure;
    while (inner.getCause() != null
        && (inner instanceof CompletionException || inner instanceof ExecutionException)) {
      inner = inner.getCause();
    }
    return inner;
  }
}
