package io.dimstore.bench;

import org.jspecify.annotations.Nullable;

/** A comparison could not be carried through; the message is for the user and says what helps. */
final class CompareException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CompareException(String message) {
    this(message, null);
  }

  CompareException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
