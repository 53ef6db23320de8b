package io.dimstore.dynamodb;

import io.dimstore.spi.StoreMetrics;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.core.exception.Crc32MismatchException;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.AcquireInitialTokenResponse;
import software.amazon.awssdk.retries.api.RecordSuccessRequest;
import software.amazon.awssdk.retries.api.RecordSuccessResponse;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenResponse;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.retries.api.TokenAcquisitionFailedException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/**
 * The SDK's own retries, which also tells the metrics why an attempt failed, whether or not another
 * follows. Thread-safe.
 */
final class CountedRetries implements RetryStrategy {

  private final RetryStrategy retries;
  private final boolean onlyRefused;
  private final StoreMetrics metrics;

  /**
   * @param onlyRefused whether a request is sent again only where the service refused it; what ends
   *     an attempt without an answer then ends the request
   */
  CountedRetries(
      StandardRetryStrategy retries, int maxAttempts, boolean onlyRefused, StoreMetrics metrics) {
    this.onlyRefused = onlyRefused;
    this.retries =
        retries.toBuilder()
            .maxAttempts(maxAttempts)
            // These pass, and the SDK would give up at once: no connection in time, and the timeout
            // of an attempt wrapped, as it is where an answer had begun, beside the service's.
            .retryOnExceptionOrCauseInstanceOf(Crc32MismatchException.class)
            .retryOnExceptionOrCauseInstanceOf(TransactionConflictException.class)
            .retryOnRootCauseInstanceOf(TimeoutException.class)
            .retryOnException(Failures::isAttemptTimeout)
            .build();
    this.metrics = metrics;
  }

  @Override
  public AcquireInitialTokenResponse acquireInitialToken(AcquireInitialTokenRequest request) {
    return retries.acquireInitialToken(request);
  }

  /** Called after each attempt that failed; throws where no other may follow. */
  @Override
  public RefreshRetryTokenResponse refreshRetryToken(RefreshRetryTokenRequest request) {
    Throwable failure = Failures.unwrapped(request.failure());
    for (String reason : FailedAttempt.reasons(failure)) {
      metrics.count(reason, 1);
    }
    if (onlyRefused && Failures.mayArriveLate(Failures.of(failure, "").kind())) {
      throw new TokenAcquisitionFailedException(
          "The attempt may still arrive: what follows it is another request",
          request.token(),
          failure);
    }
    return retries.refreshRetryToken(request.toBuilder().failure(failure).build());
  }

  @Override
  public RecordSuccessResponse recordSuccess(RecordSuccessRequest request) {
    return retries.recordSuccess(request);
  }

  @Override
  public int maxAttempts() {
    return retries.maxAttempts();
  }

  /** They are set already, and added once more they would replace this. */
  @Override
  public boolean useClientDefaults() {
    return false;
  }

  @Override
  public Builder<?, ?> toBuilder() {
    return retries.toBuilder();
  }

  @Override
  public void close() {
    retries.close();
  }
}
