// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.client;

import io.dimstore.dynamodb.internal.options.DynamoDbOptions;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.support.CommonOptions;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.client.builder.AwsAsyncClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClientBuilder;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsAsyncClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsAsyncClientBuilder;

/**
 * Owns the SDK's clients with all their threads and connections, so that {@link #close} ends all of
 * them (R12). Thread-safe.
 */
public final class Connection {

  private static final long MAX_WAIT_NANOS = 1_000_000_000L;

  private final EventLoopGroup loops;
  private final ScheduledThreadPoolExecutor timer;
  private final Credentials credentials;
  private final SdkAsyncHttpClient http;
  private final DynamoDbAsyncClient client;
  private final DynamoDbAsyncClient writes;
  private final @Nullable DaxCluster dax;
  private final DynamoDbStreamsAsyncClient streams;
  private final DynamoDbClock serverClock;

  private Connection(StoreConfig config, StoreMetrics metrics) {
    URI endpoint = EndpointOptions.url(config, DynamoDbOptions.ENDPOINT);
    String daxUrl = DaxEndpoint.url(config);
    Region region = EndpointOptions.region(config);
    ForwardProxy proxy = ForwardProxy.of(config);
    this.serverClock = new DynamoDbClock(InstantSource.system(), System::nanoTime, metrics);
    Duration attempt = config.get(DynamoDbOptions.ATTEMPT_TIMEOUT);
    this.credentials = Credentials.of(config, region, proxy);
    int threads = Math.max(2, Math.min(8, Runtime.getRuntime().availableProcessors()));
    this.loops =
        new NioEventLoopGroup(threads, new DefaultThreadFactory("dimstore-dynamodb-io", true));
    this.timer =
        new ScheduledThreadPoolExecutor(
            1, new DefaultThreadFactory("dimstore-dynamodb-timer", true));
    // Every request sets two timeouts, which are nearly always cancelled.
    timer.setRemoveOnCancelPolicy(true);
    NettyNioAsyncHttpClient.Builder transport =
        NettyNioAsyncHttpClient.builder()
            .eventLoopGroup(SdkEventLoopGroup.create(loops, NioSocketChannel::new))
            // Reads and writes have a limit each; a few administrative calls come on top.
            .maxConcurrency(2 * config.get(DynamoDbOptions.MAX_IN_FLIGHT) + 8)
            .connectionAcquisitionTimeout(attempt)
            .connectionTimeout(attempt)
            .tcpKeepAlive(true);
    if (proxy != null) {
      transport.proxyConfiguration(proxy.forNetty());
    }
    this.http = transport.build();
    this.client = tables(region, endpoint, config, metrics, false);
    this.writes = tables(region, endpoint, config, metrics, true);
    this.dax =
        daxUrl == null
            ? null
            : DaxCluster.open(
                daxUrl,
                region,
                credentials.provider(),
                attempt,
                config.get(CommonOptions.DEADLINE),
                config.get(DynamoDbOptions.MAX_IN_FLIGHT),
                loops,
                timer);
    DynamoDbStreamsAsyncClientBuilder following =
        configured(DynamoDbStreamsAsyncClient.builder(), region, config, metrics, false, true);
    URI streamsEndpoint = EndpointOptions.url(config, DynamoDbOptions.STREAMS_ENDPOINT);
    if (streamsEndpoint != null || endpoint != null) {
      following.endpointOverride(streamsEndpoint != null ? streamsEndpoint : endpoint);
    }
    this.streams = following.build();
  }

  private DynamoDbAsyncClient tables(
      Region region,
      @Nullable URI endpoint,
      StoreConfig config,
      StoreMetrics metrics,
      boolean onlyRefused) {
    DynamoDbAsyncClientBuilder builder =
        configured(DynamoDbAsyncClient.builder(), region, config, metrics, onlyRefused, false);
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    return builder.build();
  }

  /**
   * Configures what the clients of tables and of streams have in common: everything but the
   * endpoint.
   */
  private <B extends AwsAsyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> B configured(
      B builder,
      Region region,
      StoreConfig config,
      StoreMetrics metrics,
      boolean onlyRefused,
      boolean timeOfEveryAnswer) {
    return builder
        .httpClient(http)
        .region(region)
        .credentialsProvider(credentials.provider())
        // Responses are decoded on the threads that receive them: a handover would cost more.
        .asyncConfiguration(
            async ->
                async.advancedOption(
                    SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
        .overrideConfiguration(
            override -> configure(override, config, metrics, onlyRefused, timeOfEveryAnswer));
  }

  private void configure(
      ClientOverrideConfiguration.Builder override,
      StoreConfig config,
      StoreMetrics metrics,
      boolean onlyRefused,
      boolean timeOfEveryAnswer) {
    override
        .retryStrategy(
            new CountedRetries(
                AwsRetryStrategy.standardRetryStrategy(),
                config.get(DynamoDbOptions.MAX_ATTEMPTS),
                onlyRefused,
                metrics))
        .apiCallTimeout(config.get(CommonOptions.DEADLINE))
        .apiCallAttemptTimeout(config.get(DynamoDbOptions.ATTEMPT_TIMEOUT))
        .scheduledExecutorService(timer)
        .addExecutionInterceptor(new WireStatistics.Recorder())
        .addExecutionInterceptor(new DynamoDbClock.Observer(serverClock, timeOfEveryAnswer))
        .addExecutionInterceptor(new ResponseCheck());
  }

  /**
   * Creates the clients, which connect at first use. Fails INVALID for options that exclude each
   * other or are incomplete.
   */
  public static Connection open(StoreConfig config, StoreMetrics metrics) {
    return new Connection(config, metrics);
  }

  public DynamoDbAsyncClient client() {
    return client;
  }

  /** Returns a client that retries a request only if the service refused it. */
  public DynamoDbAsyncClient writes() {
    return writes;
  }

  public LookupRouter lookups() {
    return new LookupRouter(client::batchGetItem, dax);
  }

  /** Returns the client of DynamoDB Streams. */
  public DynamoDbStreamsAsyncClient streams() {
    return streams;
  }

  /** Returns the clock of the service's time. */
  public DynamoDbClock serverClock() {
    return serverClock;
  }

  /** Returns the timer for waits between attempts. Its tasks must be short. */
  public ScheduledExecutorService timer() {
    return timer;
  }

  /**
   * Ends threads and connections.
   *
   * @param idle returns whether no request is in flight. Otherwise the requests are cut off, and
   *     this method waits up to a second until they have failed, since Netty logs errors of
   *     channels whose event loop has ended.
   */
  public void close(BooleanSupplier idle) {
    boolean wasIdle = idle.getAsBoolean();
    if (dax != null) {
      dax.close();
    }
    client.close();
    writes.close();
    streams.close();
    http.close();
    credentials.close();
    timer.shutdownNow();
    boolean canWait = true;
    for (EventExecutor loop : loops) {
      canWait &= !loop.inEventLoop();
    }
    long end = System.nanoTime() + MAX_WAIT_NANOS;
    while (canWait && !idle.getAsBoolean() && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(1_000_000);
    }
    loops.shutdownGracefully(wasIdle ? 50 : 200, 1_500, TimeUnit.MILLISECONDS);
    if (canWait) {
      try {
        loops.awaitTermination(2, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
