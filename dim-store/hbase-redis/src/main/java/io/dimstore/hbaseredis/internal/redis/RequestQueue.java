// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import io.dimstore.spi.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait for the connections to one server, limited in number and in bytes. A
 * request that a connection has taken counts until {@link #release}. Thread-safe.
 */
final class RequestQueue {

  /** The number of requests in a pipeline, whatever their size. */
  private static final int PIPELINE = 4;

  /**
   * The most requests in a pipeline of small requests. Long pipelines need fewer round trips, which
   * helps on a slow network.
   */
  private static final int LONG_PIPELINE = 32;

  private static final int LONG_PIPELINE_KEYS = 400;

  private final BlockingQueue<RedisRequest<?>> waiting = new LinkedBlockingQueue<>();
  private final int connections;
  private final QueueLimit limit;
  private volatile @Nullable StoreException closed;

  /**
   * Creates an empty queue.
   *
   * @param connections the number of connections that share it
   */
  RequestQueue(int connections, QueueLimit limit) {
    this.connections = connections;
    this.limit = limit;
  }

  /**
   * Adds a request. Returns false, without adding it, if there is no room. After {@link #close} the
   * added request fails at once.
   */
  boolean add(RedisRequest<?> request) {
    if (!limit.reserve(request.weight(), request.purpose().use())) {
      return false;
    }
    waiting.add(request);
    StoreException over = closed;
    if (over != null) {
      failWaiting(over);
    }
    return true;
  }

  /**
   * Waits for a request, and returns it together with this connection's share of the requests that
   * no connection has taken.
   */
  List<RedisRequest<?>> next() throws InterruptedException {
    List<RedisRequest<?>> pipeline = new ArrayList<>(PIPELINE);
    RedisRequest<?> first = waiting.take();
    while (isDropped(first)) {
      first = waiting.take();
    }
    pipeline.add(first);
    int keys = first.keys();
    int share = waiting.size() / connections;
    while (pipeline.size() <= share && hasSpace(pipeline.size(), keys)) {
      RedisRequest<?> next = waiting.poll();
      if (next == null) {
        break;
      }
      if (!isDropped(next)) {
        pipeline.add(next);
        keys += next.keys();
      }
    }
    return pipeline;
  }

  private static boolean hasSpace(int requests, int keys) {
    return requests < PIPELINE || (requests < LONG_PIPELINE && keys < LONG_PIPELINE_KEYS);
  }

  /** Whether a request ended while it waited. If so, releases its room. */
  private boolean isDropped(RedisRequest<?> request) {
    boolean done = request.isDone();
    if (done) {
      release(request);
    }
    return done;
  }

  /** Releases the room of a request that a connection had taken and no longer holds. */
  void release(RedisRequest<?> request) {
    limit.release(request.weight());
  }

  /** Visits the requests that no connection has taken. */
  void forEach(Consumer<RedisRequest<?>> look) {
    waiting.forEach(look);
  }

  QueueLimit limit() {
    return limit;
  }

  /** Returns why the queue was closed, null if it is open. */
  @Nullable StoreException closed() {
    return closed;
  }

  /**
   * Closes the queue: fails waiting requests, and requests that are added later, with this failure.
   */
  void close(StoreException why) {
    closed = why;
    failWaiting(why);
  }

  private void failWaiting(StoreException why) {
    for (RedisRequest<?> left = waiting.poll(); left != null; left = waiting.poll()) {
      left.fail(why);
      release(left);
    }
  }
}
