package io.dimstore.dynamodb;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TableNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.sts.model.StsException;

/** The one place where what the AWS SDK throws becomes a {@link StoreException} (R11). */
final class Failures {

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

  /** Another request, not the amount of requests, was in the way. */
  private static final Set<String> CONFLICTS =
      Set.of(
          "TransactionConflictException",
          "TransactionInProgressException",
          "ReplicatedWriteConflictException");

  private Failures() {}

  /** The failure of a request to this table, or to the service where the table is empty text. */
  static StoreException of(Throwable failure, String table) {
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
          Kind.TIMEOUT, where + " did not answer in time: " + cause.getMessage(), cause);
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
    return new StoreException(Kind.UNAVAILABLE, where + " was not reached: " + message, cause);
  }

  /**
   * The failure itself: the SDK leaves one that came before anybody waited for it in a {@link
   * CompletionException}, and that in one of its own.
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

  /** Whether an attempt was ended by its timeout, which the SDK wraps where an answer had begun. */
  static boolean isAttemptTimeout(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ApiCallAttemptTimeoutException) {
        return true;
      }
    }
    return false;
  }

  /** Whether the outcome of an attempt that failed so is unknown: it may still arrive. */
  static boolean mayArriveLate(Kind kind) {
    return kind == Kind.TIMEOUT || kind == Kind.UNAVAILABLE;
  }

  /** Whether another write of the same items was in the way; a slower rate would not help. */
  static boolean isConflict(StoreException failure) {
    return failure.getCause() instanceof AwsServiceException e
        && e.awsErrorDetails() != null
        && CONFLICTS.contains(text(e.awsErrorDetails().errorCode()));
  }

  /** Whether the caller may not do this; another kind of request may be allowed to it. */
  static boolean isAboutPermission(StoreException failure) {
    return failure.getCause() instanceof AwsServiceException e
        && e.awsErrorDetails() != null
        && "AccessDeniedException".equals(e.awsErrorDetails().errorCode());
  }

  private static StoreException ofService(AwsServiceException e, String where) {
    String code = e.awsErrorDetails() == null ? "" : text(e.awsErrorDetails().errorCode());
    String said = e.awsErrorDetails() == null ? "" : text(e.awsErrorDetails().errorMessage());
    String detail =
        (code.isEmpty() ? "HTTP " + e.statusCode() : code) + (said.isEmpty() ? "" : ": " + said);
    if (e instanceof ResourceNotFoundException || e instanceof TableNotFoundException) {
      return new StoreException(Kind.NO_TABLE, where + " is not there (" + detail + ")", e);
    }
    if (e instanceof TrimmedDataAccessException) {
      return new StoreException(
          Kind.NO_TABLE, where + " does not keep these changes any more (" + detail + ")", e);
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
    // A DAX client's errors have no status where the cluster did not say what is wrong.
    boolean unsaid = e.statusCode() <= 0 && code.isEmpty();
    if (unsaid || e.statusCode() >= 500 || code.equals("ResourceInUseException")) {
      return new StoreException(Kind.UNAVAILABLE, where + " failed (" + detail + ")", e);
    }
    return new StoreException(Kind.INVALID, where + " refused the request (" + detail + ")", e);
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}
