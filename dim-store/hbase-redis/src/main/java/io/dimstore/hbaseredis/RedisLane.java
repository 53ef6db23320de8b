package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** One connection and its thread. */
final class RedisLane {

  private static final Logger LOG = LoggerFactory.getLogger(RedisLane.class);

  private final RedisLanes lanes;
  private final Thread thread;
  private volatile @Nullable RedisConnection connection;

  RedisLane(RedisLanes lanes, String name) {
    this.lanes = lanes;
    this.thread = new Thread(this::work, "dimstore-redis-" + name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Wakes the thread, also out of a read. */
  void stop() {
    thread.interrupt();
    disconnect();
  }

  void await() {
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      thread.join(TimeUnit.SECONDS.toMillis(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    while (lanes.closed() == null) {
      try {
        RedisRequest<?> request = lanes.queue().take();
        serve(request);
      } catch (InterruptedException e) {
        // Only close() interrupts; the loop sees it.
        LOG.trace("Woken to end", e);
      }
    }
    disconnect();
  }

  private void serve(RedisRequest<?> request) {
    if (!request.isUseful()) {
      request.fail(new StoreException(Kind.UNAVAILABLE, "Redis is taken for away"));
      return;
    }
    try {
      attempt(request, 0);
    } catch (JedisConnectionException e) {
      boolean timedOut = Failures.of("Redis", e).kind() == Kind.TIMEOUT;
      if (timedOut || lanes.closed() != null) {
        fail(request, e);
        return;
      }
      try {
        attempt(request, 1);
      } catch (RuntimeException again) {
        fail(request, again);
      }
    } catch (RuntimeException e) {
      fail(request, e);
    }
  }

  private void attempt(RedisRequest<?> request, int retries) {
    RedisConnection open = connection;
    try {
      if (open == null) {
        open = lanes.connect();
        connection = open;
      }
      open.requireSameReign();
      request.run(open, lanes.meter(), retries);
    } catch (JedisConnectionException e) {
      disconnect();
      throw e;
    } catch (RuntimeException e) {
      if (Failures.isOfServer(e)) {
        // Another one may be the master now.
        disconnect();
      }
      throw e;
    }
  }

  private void fail(RedisRequest<?> request, RuntimeException failure) {
    StoreException over = lanes.closed();
    request.fail(over != null ? over : Failures.of("Redis", failure));
  }

  private void disconnect() {
    RedisConnection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.disconnect();
      } catch (RuntimeException e) {
        LOG.debug("A connection to Redis did not close cleanly", e);
      }
    }
  }
}
