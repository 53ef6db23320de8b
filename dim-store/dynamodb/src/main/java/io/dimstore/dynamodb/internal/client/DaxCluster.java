// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.client;

import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.dax.ClusterDaxAsyncClient;
import software.amazon.dax.Configuration;

/**
 * A DAX cluster, which answers eventually consistent lookups. Its client blocks while it discovers
 * the cluster, so a thread of its own opens it, and lookups wait for that within their deadline.
 * The DAX library is optional: this is the only class that refers to its classes. Thread-safe.
 */
final class DaxCluster implements AutoCloseable {

  private static final long MAX_WAIT_MILLIS = 2_000;

  private final String url;
  private final Duration deadline;
  private final ScheduledExecutorService timer;
  private final CompletableFuture<ClusterDaxAsyncClient> client = new CompletableFuture<>();
  private final Thread opener;

  private DaxCluster(
      String url, Duration deadline, ScheduledExecutorService timer, Configuration configuration) {
    this.url = url;
    this.deadline = deadline;
    this.timer = timer;
    this.opener = new Thread(() -> open(configuration), "dimstore-dynamodb-dax");
    opener.setDaemon(true);
    opener.start();
  }

  static DaxCluster open(
      String url,
      Region region,
      AwsCredentialsProvider credentials,
      Duration attempt,
      Duration deadline,
      int maxInFlight,
      EventLoopGroup loops,
      ScheduledExecutorService timer) {
    int attemptMillis = (int) Math.min(Integer.MAX_VALUE, attempt.toMillis());
    Configuration configuration =
        Configuration.builder()
            .url(url)
            .region(region)
            .credentialsProvider(credentials)
            .eventLoopGroup(loops)
            .connectTimeoutMillis(attemptMillis)
            .requestTimeoutMillis(attemptMillis)
            .maxConcurrency(maxInFlight)
            .build();
    return new DaxCluster(url, deadline, timer, configuration);
  }

  private void open(Configuration configuration) {
    try {
      ClusterDaxAsyncClient opened =
          ClusterDaxAsyncClient.builder().overrideConfiguration(configuration).build();
      if (!client.complete(opened)) {
        opened.close();
      }
    } catch (Exception | LinkageError e) {
      client.completeExceptionally(
          SdkClientException.create("DAX cluster " + url + ": " + e.getMessage(), e));
    }
  }

  /**
   * Sends the request to the cluster. Fails with a {@link TimeoutException} after the call timeout
   * of the request or, without one, after {@code deadline}.
   */
  CompletableFuture<BatchGetItemResponse> batchGet(BatchGetItemRequest request) {
    long nanos =
        request
            .overrideConfiguration()
            .flatMap(AwsRequestOverrideConfiguration::apiCallTimeout)
            .orElse(deadline)
            .toNanos();
    CompletableFuture<BatchGetItemResponse> result = new CompletableFuture<>();
    ScheduledFuture<?> end;
    try {
      end =
          timer.schedule(
              () ->
                  result.completeExceptionally(
                      new TimeoutException("no response from DAX cluster " + url)),
              nanos,
              TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(SdkClientException.create("The store is closed", e));
    }
    // The DAX client is not built on the SDK and does not understand its overrides.
    BatchGetItemRequest plain =
        request.toBuilder()
            .overrideConfiguration((@Nullable AwsRequestOverrideConfiguration) null)
            .build();
    client
        .thenCompose(opened -> opened.batchGetItem(plain))
        .whenComplete(
            (answer, failure) -> {
              end.cancel(false);
              if (failure == null) {
                result.complete(answer);
              } else {
                result.completeExceptionally(failure);
              }
            });
    return result;
  }

  /**
   * Closes the client with its threads; requests in flight fail. Waits up to 2 seconds for the
   * thread that opens the client.
   */
  @Override
  public void close() {
    if (!client.completeExceptionally(SdkClientException.create("The store is closed"))
        && !client.isCompletedExceptionally()) {
      client.join().close();
    }
    opener.interrupt();
    try {
      opener.join(MAX_WAIT_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
