// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import io.dimstore.hbaseredis.internal.breaker.Breaker;
import io.dimstore.hbaseredis.internal.breaker.RequestPurpose;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.support.Deadline;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of connections to one server, each with a thread of its own, because the client
 * blocks. Waiting requests are pipelined. Every request ends at its deadline, which counts from its
 * admission. Waiting requests are limited in number and in bytes. A request whose connection breaks
 * is sent once more on a new connection, because all requests of the store can be repeated.
 * Thread-safe. Only {@link #close} blocks.
 */
final class ServerConnections implements AutoCloseable {

  /** A pipeline that takes this many times the timeout of a request is interrupted. */
  private static final int PATIENCE = 4;

  private static final int PROBES = 3;

  private final RedisSetup setup;
  private final RedisLogin.Master master;
  private final RequestQueue queue;
  private final Breaker breaker;
  private final List<PipelinedConnection> connections;
  private final StoreException notInUse;
  private final StoreException full;

  /**
   * Creates the connections to one server. They are opened when there are requests.
   *
   * @param name the address of the server and a hyphen, for the names of threads; empty for a
   *     single master
   * @param count the number of connections
   * @param master opens a connection
   */
  ServerConnections(String name, int count, RedisLogin.Master master, RedisSetup setup) {
    this.setup = setup;
    this.master = master;
    this.queue = new RequestQueue(count, new QueueLimit(setup.maxRequests(), setup.maxBytes()));
    String server = name.isEmpty() ? "Redis" : "Redis " + name.substring(0, name.length() - 1);
    this.breaker =
        new Breaker(server, setup.breakers(), setup.slow(), () -> probe(RedisServers.PING));
    // Created once: while a server is not in use, every request fails with this exception.
    this.notInUse = new StoreException(Kind.UNAVAILABLE, server + " is not in use for now");
    this.full =
        new StoreException(
            Kind.THROTTLED,
            server
                + ": the limit 'redis.max-queued' or 'redis.max-queued-megabytes' of waiting"
                + " requests is reached");
    this.connections =
        IntStream.range(0, count).mapToObj(i -> new PipelinedConnection(this, name + i)).toList();
    setup.timer().watch(this);
    connections.forEach(PipelinedConnection::start);
  }

  /**
   * Sends one request.
   *
   * @param keys the number of its keys, for the metrics
   * @param bytes the size of its values, for the metrics
   * @param size the bytes that are sent
   * @return fails UNAVAILABLE if the purpose does not allow this server, THROTTLED if too many
   *     requests wait for it, and TIMEOUT at the deadline
   */
  <T extends @Nullable Object> CompletableFuture<T> send(
      Operation operation,
      int keys,
      long bytes,
      long size,
      RequestPurpose purpose,
      RedisCommand<T> command) {
    Deadline given = purpose.deadline();
    RedisRequest<T> request =
        new RedisRequest<>(
            operation,
            keys,
            bytes,
            size,
            purpose,
            given == null ? Deadline.after(setup.timeout()) : given,
            command);
    StoreException refusal = refusal(request);
    if (refusal != null) {
      request.fail(refusal);
    } else {
      setup.timer().wake();
    }
    return request.result();
  }

  /** Admits a request to the queue and returns null, or returns why it is refused. */
  private @Nullable StoreException refusal(RedisRequest<?> request) {
    StoreException over = queue.closed();
    if (over != null) {
      return over;
    }
    RequestPurpose purpose = request.purpose();
    if (!purpose.allows(breaker)) {
      return notInUse;
    }
    if (!queue.add(request)) {
      setup.meter().count("redis.rejected", 1);
      breaker.failed(purpose.use(), full);
      return full;
    }
    return null;
  }

  /**
   * Sends a command three times in a row. Succeeds if the server answers each time faster than the
   * breaker's bound.
   */
  <T> CompletionStage<Void> probe(RedisCommand<T> command) {
    return probe(() -> send(Operation.ADMIN, 0, 0, 0, RequestPurpose.probe(), command), PROBES);
  }

  private <T> CompletionStage<Void> probe(Supplier<CompletableFuture<T>> ask, int times) {
    long start = System.nanoTime();
    long delay = delay().total(start);
    return ask.get()
        .thenCompose(
            answer -> {
              long now = System.nanoTime();
              long nanos = now - start - (delay().total(now) - delay);
              if (nanos > breaker.bound()) {
                throw new StoreException(
                    Kind.TIMEOUT,
                    "Redis takes "
                        + TimeUnit.NANOSECONDS.toMillis(nanos)
                        + " ms to answer, longer than HBase and 'redis.slow-after'");
              }
              return times == 1 ? CompletableFuture.completedFuture(null) : probe(ask, times - 1);
            });
  }

  /** Waits for the next requests for a connection. */
  List<RedisRequest<?>> next() throws InterruptedException {
    return queue.next();
  }

  /** Releases the room of a request that no connection holds any more. */
  void release(RedisRequest<?> request) {
    queue.release(request);
  }

  /**
   * Ends requests whose deadline has passed, and reads that wait for a server that is no longer in
   * use. Counts reads that wait too long as slow answers. Called by the timer's thread only.
   *
   * @return whether there are any requests
   */
  boolean sweep(long now) {
    if (isIdle()) {
      return false;
    }
    for (PipelinedConnection connection : connections) {
      long onWire = connection.onWire(now);
      boolean connected = connection.isConnected();
      connection.pipeline().forEach(request -> look(request, connected, true, onWire, now));
      connection.cutIfBusyFor(PATIENCE * setup.timeout().toNanos(), now);
    }
    // Requests that were not sent say nothing about the server, so their time on the wire is 0.
    boolean connected = connections.stream().anyMatch(PipelinedConnection::isConnected);
    queue.forEach(request -> look(request, connected, false, 0, now));
    return true;
  }

  private void look(
      RedisRequest<?> request, boolean connected, boolean isSent, long onWire, long now) {
    if (request.isDone()) {
      return;
    }
    RequestPurpose.Use use = request.purpose().use();
    if (request.isOver()) {
      if (request.beginEnd()) {
        end(request, connected, isSent);
      }
    } else if (use == RequestPurpose.Use.READ && !breaker.isRead()) {
      if (request.beginEnd()) {
        setup.timer().followers().execute(() -> request.fail(notInUse));
      }
    } else if (use == RequestPurpose.Use.READ && request.isSlow(breaker, onWire, now)) {
      breaker.stillWaiting();
    }
  }

  private void end(RedisRequest<?> request, boolean connected, boolean isSent) {
    setup.meter().count("redis.late", 1);
    StoreException late =
        new StoreException(
            Kind.TIMEOUT,
            breaker.server()
                + (connected
                    ? ": no answer within 'redis.timeout' of the request's admission"
                    : ": no connection within 'redis.timeout' of the request's admission; is"
                        + " the server reachable, and is 'redis.tls' set as the server requires?"));
    RequestPurpose.Use use = request.purpose().use();
    if (isSent || use == RequestPurpose.Use.WRITE) {
      breaker.failed(use, late);
    }
    setup.timer().followers().execute(() -> request.fail(late));
  }

  boolean isIdle() {
    return queue.limit().requests() == 0;
  }

  QueueLimit limit() {
    return queue.limit();
  }

  Breaker breaker() {
    return breaker;
  }

  Meter meter() {
    return setup.meter();
  }

  OwnDelay delay() {
    return setup.timer().delay();
  }

  /** Returns the failure of requests while the server is not in use. */
  StoreException notInUse() {
    return notInUse;
  }

  /** Returns why the connections were stopped, null if they are in use. */
  @Nullable StoreException closed() {
    return queue.closed();
  }

  RedisConnection connect() {
    return master.connect();
  }

  /**
   * Fails pending and later requests with this failure. Threads end by themselves; this method does
   * not wait for them.
   */
  void stop(StoreException why) {
    queue.close(why);
    connections.forEach(PipelinedConnection::stop);
    setup.timer().forget(this);
  }

  @Override
  public void close() {
    stop(closedException());
    connections.forEach(PipelinedConnection::await);
  }

  static StoreException closedException() {
    return new StoreException(Kind.CLOSED, "The store is closed");
  }
}
