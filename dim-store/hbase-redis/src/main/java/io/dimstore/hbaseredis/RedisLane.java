package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/** One connection and its thread, which sends what waits in turns of a few requests. */
final class RedisLane {

  private static final Logger LOG = LoggerFactory.getLogger(RedisLane.class);

  private final RedisLanes lanes;
  private final Thread thread;
  private volatile @Nullable RedisConnection connection;

  /** What is under way, for the timer to look at. */
  private volatile List<RedisRequest<?>> turn = List.of();

  private volatile long turnBegan;

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

  List<RedisRequest<?>> turn() {
    return turn;
  }

  long turnBegan() {
    return turnBegan;
  }

  /** Ends a wait for a server that sends something now and then, and never all of it. */
  void cutIfBusyFor(long nanos, long now) {
    if (!turn.isEmpty() && now - turnBegan > nanos) {
      turnBegan = now;
      thread.interrupt();
    }
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
        serve(lanes.next());
      } catch (InterruptedException e) {
        // By close(), which the loop sees, or to end a wait, which is over.
        LOG.trace("Woken to end", e);
      }
    }
    disconnect();
  }

  private void serve(List<RedisRequest<?>> taken) {
    try {
      List<RedisRequest<?>> useful = new ArrayList<>(taken.size());
      for (RedisRequest<?> request : taken) {
        if (request.demand().allows(lanes.breaker())) {
          useful.add(request);
        } else {
          request.fail(lanes.notInUse());
        }
      }
      if (useful.isEmpty()) {
        return;
      }
      turnBegan = System.nanoTime();
      turn = useful;
      List<RedisRequest<?>> again = attempt(useful, 0);
      if (!again.isEmpty()) {
        attempt(again, 1);
      }
    } catch (RuntimeException | Error e) {
      // Nothing may end the thread: what waits would have nobody to send it.
      LOG.error("Requests to Redis failed in an unexpected way", e);
      disconnect();
      StoreException failure =
          new StoreException(Kind.UNAVAILABLE, "Redis: a request failed: " + e, e);
      taken.forEach(request -> fail(request, failure));
    } finally {
      turn = List.of();
      taken.forEach(lanes::release);
    }
  }

  /**
   * Sends requests and reads their answers.
   *
   * @return those that are worth another attempt; none after the first retry
   */
  private List<RedisRequest<?>> attempt(List<RedisRequest<?>> turn, int retries) {
    List<RedisRequest<?>> again = new ArrayList<>(0);
    int answered = 0;
    try {
      RedisConnection open = connected();
      for (RedisRequest<?> request : turn) {
        request.send(open);
      }
      boolean fit = true;
      for (; answered < turn.size(); answered++) {
        fit &= receive(open, turn.get(answered), retries, again);
      }
      if (!fit) {
        // Another one may be the master now.
        disconnect();
      }
    } catch (RuntimeException e) {
      disconnect();
      List<RedisRequest<?>> left = turn.subList(answered, turn.size());
      StoreException failure = failure(e);
      left.forEach(request -> request.measure(lanes.meter(), retries, failure));
      boolean worth =
          e instanceof JedisConnectionException
              && failure.kind() != Kind.TIMEOUT
              && lanes.closed() == null;
      for (RedisRequest<?> request : left) {
        if (!worth || retries > 0) {
          fail(request, failure);
        } else if (!request.isDone()) {
          again.add(request);
        }
      }
    }
    return again;
  }

  /** Whether there is a connection, whose server has taken the login. */
  boolean isConnected() {
    return connection != null;
  }

  private RedisConnection connected() {
    RedisConnection open = connection;
    if (open == null) {
      open = lanes.connect();
      connection = open;
    }
    open.requireSameReign();
    return open;
  }

  /** Whether the connection can be used further; throws what ends it. */
  private boolean receive(
      RedisConnection open, RedisRequest<?> request, int retries, List<RedisRequest<?>> again) {
    try {
      request.receive(open, lanes.meter(), lanes.breaker(), retries);
      return true;
    } catch (JedisConnectionException e) {
      throw e;
    } catch (RuntimeException e) {
      if (e instanceof JedisNoScriptException && retries == 0) {
        open.forgetScripts();
        again.add(request);
        return true;
      }
      StoreException failure = failure(e);
      request.measure(lanes.meter(), retries, failure);
      fail(request, failure);
      return !Failures.isOfServer(e);
    }
  }

  /** The breaker learns first: a write that has failed takes the server out of use at once. */
  private void fail(RedisRequest<?> request, StoreException failure) {
    if (!request.isDone()) {
      lanes.breaker().failed(request.demand().use(), failure);
      request.fail(failure);
    }
  }

  private StoreException failure(RuntimeException e) {
    StoreException over = lanes.closed();
    return over != null ? over : Failures.of("Redis", e);
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
