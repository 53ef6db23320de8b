package io.dimstore.hbaseredis;

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

/**
 * A fixed number of connections to one master, each with a thread of its own, because the client
 * blocks. A request whose connection turns out dead is sent once more on a fresh one: every request
 * of ours can be repeated. Thread-safe; nothing here blocks a caller but {@link #close}.
 */
final class RedisLanes implements AutoCloseable {

  /** What a request does with the connection; not to be kept. */
  @FunctionalInterface
  interface Command<T extends @Nullable Object> extends Function<RedisConnection, T> {}

  private final Meter meter;
  private final RedisLogin.Master master;
  private final BlockingQueue<RedisRequest<?>> queue = new LinkedBlockingQueue<>();
  private final List<RedisLane> lanes;
  private volatile @Nullable StoreException closed;

  /**
   * Lanes to one master, idle at first.
   *
   * @param name tells their threads from those of other masters
   * @param connections how many
   * @param master opens a connection
   */
  RedisLanes(String name, int connections, RedisLogin.Master master, Meter meter) {
    this.meter = meter;
    this.master = master;
    this.lanes =
        IntStream.range(0, connections).mapToObj(i -> new RedisLane(this, name + i)).toList();
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
    StoreException over = closed;
    if (over != null) {
      request.fail(over);
      return request.result();
    }
    queue.add(request);
    over = closed;
    if (over != null) {
      failQueued(over);
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

  /** Why nothing is sent any more, null while it is. */
  @Nullable StoreException closed() {
    return closed;
  }

  RedisConnection connect() {
    return master.connect();
  }

  /** Fails what is under way, and what may come, for this reason; threads end by themselves. */
  void stop(StoreException why) {
    closed = why;
    failQueued(why);
    lanes.forEach(RedisLane::stop);
  }

  @Override
  public void close() {
    stop(closedException());
    lanes.forEach(RedisLane::await);
  }

  static StoreException closedException() {
    return new StoreException(Kind.CLOSED, "The store is closed");
  }

  private void failQueued(StoreException why) {
    for (RedisRequest<?> left = queue.poll(); left != null; left = queue.poll()) {
      left.fail(why);
    }
  }
}
