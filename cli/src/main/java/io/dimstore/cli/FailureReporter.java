// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Converts failures of a program to reports for its user. */
@FunctionalInterface
public interface FailureReporter {

  /** Returns the report; null for an unexpected failure, which is shown with its stack trace. */
  @Nullable FailureReport report(Throwable failure);

  /** Reports failures of these classes with their own messages, which are written for users. */
  static FailureReporter messagesOf(List<Class<? extends Exception>> known) {
    return failure ->
        known.stream().anyMatch(type -> type.isInstance(failure))
            ? FailureReport.failed(String.valueOf(failure.getMessage()))
            : null;
  }

  /** Returns a reporter that asks the other one if this one returns null. */
  default FailureReporter or(FailureReporter other) {
    return failure -> {
      FailureReport known = report(failure);
      return known == null ? other.report(failure) : known;
    };
  }
}
