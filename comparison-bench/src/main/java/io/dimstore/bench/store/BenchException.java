package io.dimstore.bench.store;

import org.jspecify.annotations.Nullable;

/** A measurement could not be carried through; the message is for the user. */
final class BenchException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BenchException(String message) {
    this(message, null);
  }

  BenchException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
