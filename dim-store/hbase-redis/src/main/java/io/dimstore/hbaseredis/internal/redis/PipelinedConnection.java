// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import io.dimstore.hbaseredis.internal.common.Failures;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/** One connection and its thread, which sends waiting requests in pipelines of a few requests. */
final class PipelinedConnection {

  private static final Logger LOG = LoggerFactory.getLogger(PipelinedConnection.class);

  private final ServerConnections owner;
  private final Thread thread;
  private final ConnectionHolder<RedisConnection> connection;

  /** The requests of the current pipeline; read by the timer. */
  private volatile List<RedisRequest<?>> pipeline = List.of();

  private volatile long pipelineBegan;
  private volatile long delayWhenBegan;

  PipelinedConnection(ServerConnections owner, String name) {
    this.owner = owner;
    this.connection = new ConnectionHolder<>(owner::connect, PipelinedConnection::disconnect);
    this.thread = new Thread(this::work, "dimstore-redis-" + name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /**
   * Interrupts the thread, also during a read, and closes the connection. Does not wait for the
   * thread to end.
   */
  void stop() {
    thread.interrupt();
    connection.close();
  }

  List<RedisRequest<?>> pipeline() {
    return pipeline;
  }

  /** Returns how long the current pipeline has waited for the server, in nanoseconds. */
  long onWire(long now) {
    return now - pipelineBegan - (owner.delay().total(now) - delayWhenBegan);
  }

  /**
   * Interrupts the thread if the current pipeline has taken too long. A server may send bytes often
   * enough to avoid the read timeout without ever completing an answer.
   */
  void cutIfBusyFor(long nanos, long now) {
    if (!pipeline.isEmpty() && now - pipelineBegan > nanos) {
      beginAt(now);
      thread.interrupt();
    }
  }

  private void beginAt(long now) {
    pipelineBegan = now;
    delayWhenBegan = owner.delay().total(now);
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
    while (owner.closed() == null) {
      try {
        serve(owner.next());
      } catch (InterruptedException e) {
        // Interrupted by stop(), which the loop condition sees, or to end a wait.
        LOG.trace("Woken to end", e);
      }
    }
  }

  private void serve(List<RedisRequest<?>> taken) {
    try {
      List<RedisRequest<?>> useful = new ArrayList<>(taken.size());
      for (RedisRequest<?> request : taken) {
        if (request.purpose().allows(owner.breaker())) {
          useful.add(request);
        } else {
          request.fail(owner.notInUse());
        }
      }
      if (useful.isEmpty()) {
        return;
      }
      beginAt(System.nanoTime());
      pipeline = useful;
      List<RedisRequest<?>> again = attempt(useful, 0);
      if (!again.isEmpty()) {
        attempt(again, 1);
      }
    } catch (RuntimeException | Error e) {
      // The thread must not end: no other thread would send the waiting requests.
      LOG.error("Requests to Redis failed in an unexpected way", e);
      connection.release();
      StoreException failure =
          new StoreException(Kind.UNAVAILABLE, "Redis: a request failed: " + e, e);
      taken.forEach(request -> fail(request, failure));
    } finally {
      pipeline = List.of();
      taken.forEach(owner::release);
    }
  }

  /**
   * Sends requests and reads their answers.
   *
   * @return the requests to send once more; empty after the first retry
   */
  private List<RedisRequest<?>> attempt(List<RedisRequest<?>> pipeline, int retries) {
    List<RedisRequest<?>> again = new ArrayList<>(0);
    int answered = 0;
    try {
      RedisConnection open = connected();
      for (RedisRequest<?> request : pipeline) {
        request.send(open, owner.delay());
      }
      boolean fit = true;
      for (; answered < pipeline.size(); answered++) {
        fit &= receive(open, pipeline.get(answered), retries, again);
      }
      if (!fit) {
        // Another server may be the master now.
        connection.release();
      }
    } catch (RuntimeException e) {
      connection.release();
      List<RedisRequest<?>> left = pipeline.subList(answered, pipeline.size());
      StoreException failure = failure(e);
      left.forEach(request -> request.measure(owner.meter(), retries, failure));
      boolean worth =
          e instanceof JedisConnectionException
              && failure.kind() != Kind.TIMEOUT
              && owner.closed() == null;
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

  /** Whether there is an open connection, with a successful login. */
  boolean isConnected() {
    return connection.isOpen();
  }

  private RedisConnection connected() {
    RedisConnection open = connection.take();
    open.requireSameEpoch();
    return open;
  }

  /**
   * Reads the answer to one request. Returns whether the connection can still be used. Throws
   * exceptions that end the connection.
   */
  private boolean receive(
      RedisConnection open, RedisRequest<?> request, int retries, List<RedisRequest<?>> again) {
    try {
      request.receive(open, owner.meter(), owner.breaker(), owner.delay(), retries);
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
      request.measure(owner.meter(), retries, failure);
      fail(request, failure);
      return !Failures.isOfServer(e);
    }
  }

  /**
   * Fails a request. The breaker is notified first, so that no lookup uses the server after the
   * caller has seen a failed write.
   */
  private void fail(RedisRequest<?> request, StoreException failure) {
    if (!request.isDone()) {
      owner.breaker().failed(request.purpose().use(), failure);
      request.fail(failure);
    }
  }

  private StoreException failure(RuntimeException e) {
    StoreException over = owner.closed();
    return over != null ? over : Failures.of("Redis", e);
  }

  private static void disconnect(RedisConnection open) {
    try {
      open.disconnect();
    } catch (RuntimeException e) {
      LOG.debug("A connection to Redis did not close cleanly", e);
    }
  }
}
