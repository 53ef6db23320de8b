package io.dimstore.features;

import java.util.Objects;

/** What went wrong, short enough for a terminal. */
final class Failures {

  private Failures() {}

  /** The message of the innermost cause, which in Flink is the one that says something. */
  static String inOneLine(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = Objects.requireNonNullElse(cause.getMessage(), "");
    String first = message.strip().lines().findFirst().orElse("");
    return first.isEmpty() ? cause.getClass().getSimpleName() : first;
  }
}
