package io.dimstore.dynamodb;

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
 * A DAX cluster, which eventual lookups are asked of. Its client blocks while it looks for the
 * cluster, so a thread of its own opens it, and lookups wait for that within their deadline. The
 * library is optional: this is the one class that mentions its classes. Thread-safe.
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

  /** Asks the cluster, within the time that the request says. */
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
                      new TimeoutException("DAX cluster " + url + " was asked")),
              nanos,
              TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(SdkClientException.create("The store is closed", e));
    }
    // What the SDK adds to a request is not for DAX, which is no client of the SDK's making.
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

  /** Ends the client and its threads, and what is being asked. */
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
