// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.util.ExceptionUtils;

/** Classifies the failures of a command that runs a job. */
public final class JobFailures {

  private JobFailures() {}

  /**
   * Returns whether the failure has a message for the user: that of a job, of a store, or of
   * Flink's validation of SQL. Any other failure is a defect of the program, and is shown with its
   * stack trace.
   */
  public static boolean isKnown(Throwable failure) {
    return failure instanceof JobException
        || failure instanceof ValidationException
        || StoreException.find(failure) != null;
  }

  /**
   * Returns whether the failure is a mistake of the caller: a store refuses a request as INVALID
   * before Flink has been asked to run the job. Flink wraps the store's exception several times. A
   * failure after submission is the job's, not the caller's.
   */
  public static boolean isWrongUsage(Throwable failure) {
    if (failure instanceof JobException job && job.isSubmitted()) {
      return false;
    }
    return ExceptionUtils.findThrowable(failure, StoreException.class)
        .filter(store -> store.kind() == Kind.INVALID)
        .isPresent();
  }
}
