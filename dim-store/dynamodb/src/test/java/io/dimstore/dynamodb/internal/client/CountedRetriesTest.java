// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.spi.StoreMetrics;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.Crc32MismatchException;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RetryToken;
import software.amazon.awssdk.retries.api.TokenAcquisitionFailedException;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

class CountedRetriesTest {

  private final Map<String, Long> counts = new TreeMap<>();
  private final CountedRetries retries =
      new CountedRetries(
          AwsRetryStrategy.standardRetryStrategy(),
          3,
          false,
          new StoreMetrics() {
            @Override
            public void request(Request request) {}

            @Override
            public void count(String name, long delta) {
              counts.merge(name, delta, Long::sum);
            }
          });

  @Test
  void transientFailuresAreRetried() {
    again(
        first(),
        TransactionConflictException.builder()
            .awsErrorDetails(
                AwsErrorDetails.builder().errorCode("TransactionConflictException").build())
            .build());
    again(first(), Crc32MismatchException.create("wrong", null));
    again(
        first(),
        SdkClientException.create(
            "No connection", new IOException("late", new TimeoutException("late"))));
    again(
        first(),
        SdkClientException.create(
            "Unable to execute", new IOException(ApiCallAttemptTimeoutException.create(5))));
    again(
        first(),
        SdkClientException.create(
            "Unable to execute",
            new CompletionException(RetryableException.create("not the service's"))));
    assertThat(counts)
        .isEqualTo(Map.of("failed-unavailable", 3L, "throttled", 1L, "failed-timeout", 1L));
  }

  @Test
  void permanentFailuresAreCountedAndNotRetried() {
    RetryToken token = first();
    Throwable denied =
        DynamoDbException.builder()
            .statusCode(400)
            .awsErrorDetails(AwsErrorDetails.builder().errorCode("AccessDeniedException").build())
            .build();
    assertThatThrownBy(() -> again(token, denied))
        .isInstanceOf(TokenAcquisitionFailedException.class);
    assertThat(counts).isEqualTo(Map.of("failed-denied", 1L));
  }

  @Test
  void attemptsAreLimited() {
    Throwable failure = Crc32MismatchException.create("wrong", null);
    RetryToken third = again(again(first(), failure), failure);
    assertThatThrownBy(() -> again(third, failure))
        .isInstanceOf(TokenAcquisitionFailedException.class);
    assertThat(counts).isEqualTo(Map.of("failed-unavailable", 3L));
  }

  @Test
  void aFailedConditionIsNotCountedAsAFailure() {
    RetryToken token = first();
    Throwable newer =
        ConditionalCheckFailedException.builder()
            .awsErrorDetails(
                AwsErrorDetails.builder().errorCode("ConditionalCheckFailedException").build())
            .build();
    assertThatThrownBy(() -> again(token, newer))
        .isInstanceOf(TokenAcquisitionFailedException.class);
    assertThat(counts).isEmpty();
  }

  private RetryToken first() {
    return retries.acquireInitialToken(AcquireInitialTokenRequest.create("test")).token();
  }

  private RetryToken again(RetryToken token, Throwable failure) {
    return retries
        .refreshRetryToken(
            RefreshRetryTokenRequest.builder()
                .token(token)
                .failure(failure)
                .suggestedDelay(Duration.ZERO)
                .build())
        .token();
  }
}
