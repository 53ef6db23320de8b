// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.client;

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
 * The SDK's own retry strategy. It also counts the reason of each failed attempt in the metrics,
 * whether or not another attempt follows. Thread-safe.
 */
final class CountedRetries implements RetryStrategy {

  private final RetryStrategy retries;
  private final boolean onlyRefused;
  private final StoreMetrics metrics;

  /**
   * @param onlyRefused true if a request is retried only when the service refused it. An attempt
   *     that ends without a response then ends the request.
   */
  CountedRetries(
      StandardRetryStrategy retries, int maxAttempts, boolean onlyRefused, StoreMetrics metrics) {
    this.onlyRefused = onlyRefused;
    this.retries =
        retries.toBuilder()
            .maxAttempts(maxAttempts)
            // The SDK would not retry these failures, although a retry can succeed: the two service
            // exceptions below, a timeout while waiting for a connection, and an attempt timeout
            // after the response began.
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

  /** Called after each failed attempt. Throws if no other attempt may follow. */
  @Override
  public RefreshRetryTokenResponse refreshRetryToken(RefreshRetryTokenRequest request) {
    Throwable failure = Failures.unwrapped(request.failure());
    for (String reason : FailedAttempt.reasons(failure)) {
      metrics.count(reason, 1);
    }
    if (onlyRefused && Failures.mayArriveLate(Failures.of(failure, "").kind())) {
      throw new TokenAcquisitionFailedException(
          "The attempt may still arrive, so the store retries with another request",
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

  /**
   * Returns false: this strategy includes the defaults, and the SDK would replace it when adding
   * them.
   */
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
