// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** The only exception with which stores fail (R11). Messages never contain secrets. */
public final class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** The kind of failure, which determines what a caller can do. */
  public enum Kind {
    /** The request can never succeed. Names the keys if keys are to blame. */
    INVALID(false),
    /** Credentials or permissions are missing. */
    DENIED(false),
    /** The table, or a part of it that is needed, does not exist. */
    NO_TABLE(false),
    /** The rows of the named keys cannot be decoded as the table's columns. */
    CORRUPT(false),
    /** The store was closed. */
    CLOSED(false),
    /** Too much is requested at the moment: slow down, then try again. */
    THROTTLED(true),
    /** A server cannot be reached or fails. */
    UNAVAILABLE(true),
    /** No answer within the deadline; a write may have been applied. */
    TIMEOUT(true);

    private final boolean retryable;

    Kind(boolean retryable) {
      this.retryable = retryable;
    }

    /** Whether the same call may succeed later. */
    public boolean isRetryable() {
      return retryable;
    }
  }

  private final Kind kind;
  private final transient List<Key> keys;

  /**
   * Creates a failure with its kind and its cause.
   *
   * @param keys the keys to blame, may be empty; dropped unless the kind is INVALID or CORRUPT,
   *     because failures of any other kind are not about single keys
   */
  public StoreException(Kind kind, String message, List<Key> keys, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.keys = namesKeys(kind) ? List.copyOf(keys) : List.of();
  }

  private static boolean namesKeys(Kind kind) {
    return kind == Kind.INVALID || kind == Kind.CORRUPT;
  }

  /** Creates a failure for which no key is to blame. */
  public StoreException(Kind kind, String message, @Nullable Throwable cause) {
    this(kind, message, List.of(), cause);
  }

  /** Creates a failure without a cause for which no key is to blame. */
  public StoreException(Kind kind, String message) {
    this(kind, message, List.of(), null);
  }

  /** Creates the failure of an INVALID request. */
  public static StoreException invalid(String message) {
    return new StoreException(Kind.INVALID, message);
  }

  /** Creates the failure of an INVALID request for which these keys are to blame. */
  public static StoreException invalid(String message, List<Key> keys) {
    return new StoreException(Kind.INVALID, message, keys, null);
  }

  /** Returns the store exception inside the wrappers of futures, or null if there is none. */
  public static @Nullable StoreException find(@Nullable Throwable failure) {
    Throwable inner = failure;
    while (inner instanceof CompletionException || inner instanceof ExecutionException) {
      inner = inner.getCause();
    }
    return inner instanceof StoreException e ? e : null;
  }

  /** Returns the kind of failure. */
  public Kind kind() {
    return kind;
  }

  /** Returns the keys that are to blame; empty unless the kind is INVALID or CORRUPT. */
  public List<Key> keys() {
    return keys == null ? List.of() : keys;
  }

  @Override
  @SuppressWarnings(
      "OverrideThrowableToString") // Reports that show the kind use the message alone.
  public String toString() {
    return "StoreException " + kind + ": " + getMessage();
  }
}
