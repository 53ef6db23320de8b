// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.client;

import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.BatchExecuteStatementResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementErrorCodeEnum;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TableNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.sts.model.StsException;

/** Converts the exceptions of the AWS SDK to {@link StoreException}s (R11). */
public final class Failures {

  private static final Set<String> DENIED =
      Set.of(
          "AccessDeniedException",
          "AccessDenied",
          "UnauthorizedOperation",
          "UnrecognizedClientException",
          "ExpiredTokenException",
          "ExpiredToken",
          "InvalidClientTokenId",
          "InvalidSignatureException",
          "IncompleteSignatureException",
          "IncompleteSignature",
          "MissingAuthenticationToken",
          "MissingAuthenticationTokenException",
          "SignatureDoesNotMatch",
          "RequestExpired",
          "RequestTimeTooSkewed",
          "RequestInTheFuture",
          "OptInRequired");

  /** The options that say where the service is, for messages. */
  public static final String OPTIONS = " (options 'endpoint' and 'region')";

  private static final Set<String> EXPIRED =
      Set.of("ExpiredTokenException", "ExpiredToken", "RequestExpired");

  private static final String RENEW =
      ": the credentials have expired. Renew what 'access-key', 'secret-key' and 'session-token',"
          + " or 'profile', give, or let 'role-arn' renew them.";

  private static final Set<String> THROTTLED =
      Set.of(
          "ProvisionedThroughputExceededException",
          "ThrottlingException",
          "Throttling",
          "RequestLimitExceeded",
          "RequestLimitExceededException",
          "LimitExceededException",
          "TransactionConflictException",
          "TransactionInProgressException",
          "ReplicatedWriteConflictException");

  /** Codes of requests that failed because of a concurrent request, not because of the rate. */
  private static final Set<String> CONFLICTS =
      Set.of(
          "TransactionConflictException",
          "TransactionInProgressException",
          "ReplicatedWriteConflictException");

  /** Row-level errors of a batch after which a retry can succeed, and their kinds. */
  private static final Map<BatchStatementErrorCodeEnum, StoreException.Kind> TRANSIENT =
      new EnumMap<>(
          Map.of(
              BatchStatementErrorCodeEnum.PROVISIONED_THROUGHPUT_EXCEEDED,
              StoreException.Kind.THROTTLED,
              BatchStatementErrorCodeEnum.THROTTLING_ERROR,
              StoreException.Kind.THROTTLED,
              BatchStatementErrorCodeEnum.REQUEST_LIMIT_EXCEEDED,
              StoreException.Kind.THROTTLED,
              BatchStatementErrorCodeEnum.TRANSACTION_CONFLICT,
              StoreException.Kind.THROTTLED,
              BatchStatementErrorCodeEnum.INTERNAL_SERVER_ERROR,
              StoreException.Kind.UNAVAILABLE));

  private Failures() {}

  /**
   * Converts the failure of a request about this table, or about the service if the table is empty
   * text.
   */
  public static StoreException of(Throwable failure, String table) {
    StoreException known = StoreException.find(failure);
    if (known != null) {
      return known;
    }
    Throwable cause = unwrapped(failure);
    String where = table.isEmpty() ? "DynamoDB" : "DynamoDB table " + table;
    if (cause instanceof AwsServiceException service) {
      return ofService(
          service,
          service instanceof StsException ? "AWS STS, asked because of option 'role-arn'," : where);
    }
    if (cause instanceof ApiCallTimeoutException
        || isAttemptTimeout(cause)
        || cause instanceof TimeoutException) {
      return new StoreException(
          Kind.TIMEOUT,
          where + " did not answer in time" + OPTIONS + ": " + cause.getMessage(),
          cause);
    }
    String message = String.valueOf(cause.getMessage());
    if (cause instanceof SdkClientException && message.contains("Unable to load credentials")) {
      return new StoreException(
          Kind.DENIED,
          where
              + ": no credentials were found; set 'access-key' and 'secret-key', 'profile', or what"
              + " the AWS SDK looks for ("
              + message
              + ")",
          cause);
    }
    return new StoreException(
        Kind.UNAVAILABLE, where + " could not be reached" + OPTIONS + ": " + message, cause);
  }

  /**
   * Returns the cause of all {@link CompletionException}s, or the failure itself. If a request
   * fails before a stage is added to its future, the SDK wraps the {@code CompletionException} in
   * an exception of its own.
   */
  static Throwable unwrapped(Throwable failure) {
    Throwable cause = failure;
    for (Throwable inner = cause.getCause(); inner != null; inner = cause.getCause()) {
      if (!(cause instanceof CompletionException) && !(inner instanceof CompletionException)) {
        break;
      }
      cause = inner;
    }
    return cause;
  }

  /**
   * Returns whether an attempt ended by its timeout. The SDK wraps that exception if the response
   * had begun.
   */
  static boolean isAttemptTimeout(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ApiCallAttemptTimeoutException) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns whether the outcome of an attempt with this failure is unknown: it may still arrive at
   * the service.
   */
  public static boolean mayArriveLate(Kind kind) {
    return kind == Kind.TIMEOUT || kind == Kind.UNAVAILABLE;
  }

  /**
   * Returns whether a concurrent write of the same items caused the failure. A lower rate would not
   * help.
   */
  static boolean isConflict(StoreException failure) {
    return failure.getCause() instanceof AwsServiceException e
        && e.awsErrorDetails() != null
        && CONFLICTS.contains(text(e.awsErrorDetails().errorCode()));
  }

  /**
   * Returns whether the caller lacks the right to this action. It may have the right to another
   * one.
   */
  public static boolean isAboutPermission(StoreException failure) {
    return failure.getCause() instanceof AwsServiceException e
        && e.awsErrorDetails() != null
        && "AccessDeniedException".equals(e.awsErrorDetails().errorCode());
  }

  private static StoreException ofService(AwsServiceException e, String where) {
    String code = e.awsErrorDetails() == null ? "" : text(e.awsErrorDetails().errorCode());
    String message = e.awsErrorDetails() == null ? "" : text(e.awsErrorDetails().errorMessage());
    String detail =
        (code.isEmpty() ? "HTTP " + e.statusCode() : code)
            + (message.isEmpty() ? "" : ": " + message);
    if (e instanceof ResourceNotFoundException || e instanceof TableNotFoundException) {
      return new StoreException(Kind.NO_TABLE, where + " does not exist (" + detail + ")", e);
    }
    if (e instanceof TrimmedDataAccessException) {
      return new StoreException(
          Kind.NO_TABLE, where + " no longer has these changes (" + detail + ")", e);
    }
    if (DENIED.contains(code) || e.statusCode() == 401 || e.statusCode() == 403) {
      return new StoreException(
          Kind.DENIED,
          where + " denied the request (" + detail + ")" + (EXPIRED.contains(code) ? RENEW : ""),
          e);
    }
    if (e.isThrottlingException() || THROTTLED.contains(code)) {
      return new StoreException(
          Kind.THROTTLED, where + " throttled the request (" + detail + ")", e);
    }
    // The DAX client reports neither status nor code if the cluster gave no reason.
    boolean isWithoutReason = e.statusCode() <= 0 && code.isEmpty();
    if (isWithoutReason || e.statusCode() >= 500 || code.equals("ResourceInUseException")) {
      return new StoreException(Kind.UNAVAILABLE, where + " failed (" + detail + ")", e);
    }
    return new StoreException(Kind.INVALID, where + " refused the request (" + detail + ")", e);
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  /**
   * Returns the kind of a row-level error after which a retry can succeed, or null for other
   * errors.
   */
  public static StoreException.@Nullable Kind passing(BatchStatementErrorCodeEnum code) {
    return TRANSIENT.get(code);
  }

  /** Returns whether the service throttled at least one row of this response. */
  static boolean isThrottled(BatchExecuteStatementResponse answer) {
    for (var row : answer.responses()) {
      if (row.error() != null && passing(row.error().code()) == StoreException.Kind.THROTTLED) {
        return true;
      }
    }
    return false;
  }

  /** Maps the failure of a request for one key, and adds the key to a refusal. */
  public static StoreException withKey(Throwable failure, String table, Key key) {
    StoreException known = of(failure, table);
    return known.kind() == StoreException.Kind.INVALID
        ? new StoreException(
            known.kind(), "Key " + key + ": " + known.getMessage(), List.of(key), known)
        : known;
  }
}
