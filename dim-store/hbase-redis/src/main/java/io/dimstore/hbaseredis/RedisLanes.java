package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics.Operation;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;

/**
 * A fixed number of connections to Redis, each with a thread of its own, because the client blocks.
 * A request whose connection turns out dead is sent once more on a fresh one: every request of ours
 * can be repeated. Thread-safe; nothing here blocks a caller but {@link #close}.
 */
final class RedisLanes implements AutoCloseable {

  /** What a request does with the connection; not to be kept. */
  @FunctionalInterface
  interface Command<T extends @Nullable Object> extends Function<Jedis, T> {}

  private final Meter meter;
  private final HostAndPort address;
  private final JedisClientConfig config;
  private final BlockingQueue<RedisRequest<?>> queue = new LinkedBlockingQueue<>();
  private final List<RedisLane> lanes;
  private volatile boolean closed;

  RedisLanes(StoreConfig options, Meter meter) {
    this.meter = meter;
    this.address =
        new HostAndPort(
            options.get(HBaseRedisOptions.REDIS_HOST), options.get(HBaseRedisOptions.REDIS_PORT));
    String user = options.find(HBaseRedisOptions.REDIS_USER);
    String password = options.find(HBaseRedisOptions.REDIS_PASSWORD);
    if (user != null && password == null) {
      throw StoreException.invalid("Option 'redis.user' needs 'redis.password'.");
    }
    int timeout = (int) options.get(HBaseRedisOptions.REDIS_TIMEOUT).toMillis();
    DefaultJedisClientConfig.Builder builder =
        DefaultJedisClientConfig.builder()
            .connectionTimeoutMillis(timeout)
            .socketTimeoutMillis(timeout)
            .clientName("dimstore")
            .resp2();
    if (user != null) {
      builder.user(user);
    }
    if (password != null) {
      builder.password(password);
    }
    this.config = builder.build();
    this.lanes =
        IntStream.range(0, options.get(HBaseRedisOptions.REDIS_CONNECTIONS))
            .mapToObj(i -> new RedisLane(this, i))
            .toList();
    lanes.forEach(RedisLane::start);
  }

  /**
   * Sends one request.
   *
   * @param keys how many keys it holds
   * @param useful asked when the request's turn has come; if it says no the request fails
   *     UNAVAILABLE unsent
   */
  <T extends @Nullable Object> CompletableFuture<T> send(
      Operation operation, int keys, long bytes, Useful useful, Command<T> command) {
    RedisRequest<T> request = new RedisRequest<>(operation, keys, bytes, useful, command);
    if (closed) {
      request.fail(closedException());
      return request.result();
    }
    queue.add(request);
    if (closed) {
      failQueued();
    }
    return request.result();
  }

  /** Whether a request that has waited is still worth sending. */
  @FunctionalInterface
  interface Useful {
    boolean stillIs();
  }

  BlockingQueue<RedisRequest<?>> queue() {
    return queue;
  }

  Meter meter() {
    return meter;
  }

  boolean isClosed() {
    return closed;
  }

  Jedis connect() {
    return new Jedis(address, config);
  }

  static StoreException closedException() {
    return new StoreException(Kind.CLOSED, "The store is closed");
  }

  @Override
  public void close() {
    closed = true;
    failQueued();
    lanes.forEach(RedisLane::stop);
    lanes.forEach(RedisLane::await);
  }

  private void failQueued() {
    for (RedisRequest<?> left = queue.poll(); left != null; left = queue.poll()) {
      left.fail(closedException());
    }
  }
}
