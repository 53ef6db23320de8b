// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs;

import org.jspecify.annotations.Nullable;

/** Reports what a job could not do. The message is one line for people, with the remedy. */
public class JobException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean submitted;

  /** A failure with its cause, where there is one. */
  public JobException(String message, @Nullable Throwable cause) {
    this(message, cause, false);
  }

  /** Creates a failure of a job that Flink has been asked to run, or of one before that. */
  protected JobException(String message, @Nullable Throwable cause, boolean submitted) {
    super(message, cause);
    this.submitted = submitted;
  }

  /** Creates the failure of a job that Flink has been asked to run. */
  public static JobException ofSubmitted(String message, @Nullable Throwable cause) {
    return new JobException(message, cause, true);
  }

  /** Returns whether Flink had been asked to run the job. */
  public final boolean isSubmitted() {
    return submitted;
  }
}
