package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of connections to one master, each with a thread of its own, because the client
 * blocks. Requests that wait are sent several at a time, so that neither side waits for the other
 * between them. A request whose connection turns out dead is sent once more on a fresh one: every
 * request of ours can be repeated. Thread-safe; nothing here blocks a caller but {@link #close}.
 */
final class RedisLanes implements AutoCloseable {

  /** Requests that one connection carries at a time at most. */
  private static final int TURN = 4;

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
      Operation operation, int keys, long bytes, Useful useful, RedisCommand<T> command) {
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

  /**
   * The next requests for a connection: one, and its share of those that all of them have left
   * waiting.
   */
  List<RedisRequest<?>> next() throws InterruptedException {
    List<RedisRequest<?>> turn = new ArrayList<>(TURN);
    turn.add(queue.take());
    int share = Math.min(queue.size() / lanes.size(), TURN - 1);
    if (share > 0) {
      queue.drainTo(turn, share);
    }
    return turn;
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
