package io.dimstore.spi;

import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** The one failure of all stores (R11). Messages never hold secrets. */
public final class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What went wrong, and so what a caller can do. */
  public enum Kind {
    /** The request can never succeed: change it. Names the keys where keys are to blame. */
    INVALID(false),
    /** Credentials or permissions are lacking. */
    DENIED(false),
    /** The table, or a part of it that is needed, is not there. */
    NO_TABLE(false),
    /** What is stored under the named keys cannot be read as the table's columns. */
    CORRUPT(false),
    /** The store was closed. */
    CLOSED(false),
    /** Too much is asked at the moment: slow down, then try again. */
    THROTTLED(true),
    /** A server is away or failing. */
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

  /** A failure with its kind, its keys (empty where none is to blame) and its cause. */
  public StoreException(Kind kind, String message, List<Key> keys, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.keys = List.copyOf(keys);
  }

  /** A failure for which no key is to blame. */
  public StoreException(Kind kind, String message, @Nullable Throwable cause) {
    this(kind, message, List.of(), cause);
  }

  /** A failure for which no key is to blame, with no cause. */
  public StoreException(Kind kind, String message) {
    this(kind, message, List.of(), null);
  }

  /** An INVALID request. */
  public static StoreException invalid(String message) {
    return new StoreException(Kind.INVALID, message);
  }

  /** An INVALID request, for which these keys are to blame. */
  public static StoreException invalid(String message, List<Key> keys) {
    return new StoreException(Kind.INVALID, message, keys, null);
  }

  /** The store exception inside wrappers of futures, or null if there is none. */
  public static @Nullable StoreException find(@Nullable Throwable failure) {
    Throwable inner = failure;
    while (inner instanceof CompletionException || inner instanceof ExecutionException) {
      inner = inner.getCause();
    }
    return inner instanceof StoreException e ? e : null;
  }

  /** What went wrong. */
  public Kind kind() {
    return kind;
  }

  /** The keys that are to blame; empty unless the kind is INVALID or CORRUPT. */
  public List<Key> keys() {
    return keys == null ? List.of() : keys;
  }

  @Override
  public String toString() {
    return "StoreException " + kind + ": " + getMessage();
  }
}
