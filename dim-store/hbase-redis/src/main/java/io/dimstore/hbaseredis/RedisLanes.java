package io.dimstore.hbaseredis;

import io.dimstore.spi.Deadline;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of connections to one server, each with a thread of its own, because the client
 * blocks. Requests that wait are sent several at a time, so that neither side waits for the other
 * between them. Every request ends at its deadline, which counts from its admission, and those that
 * wait are bounded in number and in bytes. A request whose connection turns out dead is sent once
 * more on a fresh one: every request of ours can be repeated. Thread-safe; nothing here blocks a
 * caller but {@link #close}.
 */
final class RedisLanes implements AutoCloseable {

  /** Requests that one connection carries at a time, whatever their size. */
  private static final int TURN = 4;

  /**
   * The most that it carries, as long as they are small: a slow network is waited for less often.
   */
  private static final int LONG_TURN = 32;

  private static final int LONG_TURN_KEYS = 400;

  /** A connection that takes this many times as long as a request may is cut. */
  private static final int PATIENCE = 4;

  private static final int PROBES = 3;

  private final RedisSetup setup;
  private final RedisLogin.Master master;
  private final BlockingQueue<RedisRequest<?>> queue = new LinkedBlockingQueue<>();
  private final QueueRoom room;
  private final Breaker breaker;
  private final List<RedisLane> lanes;
  private final StoreException notInUse;
  private final StoreException full;
  private volatile @Nullable StoreException closed;

  /**
   * Lanes to one server, idle at first.
   *
   * @param name tells their threads from those of other servers
   * @param connections how many
   * @param master opens a connection
   */
  RedisLanes(String name, int connections, RedisLogin.Master master, RedisSetup setup) {
    this.setup = setup;
    this.master = master;
    this.room = new QueueRoom(setup.maxRequests(), setup.maxBytes());
    String server = name.isEmpty() ? "Redis" : "Redis " + name.substring(0, name.length() - 1);
    this.breaker =
        new Breaker(server, setup.breakers(), setup.slow(), () -> probe(RedisServers.PING));
    // Made once: while a server is not in use, every request fails with it.
    this.notInUse = new StoreException(Kind.UNAVAILABLE, server + " is not in use for now");
    this.full =
        new StoreException(
            Kind.THROTTLED,
            server
                + ": as many requests wait as 'redis.max-queued' and"
                + " 'redis.max-queued-megabytes' allow");
    this.lanes =
        IntStream.range(0, connections).mapToObj(i -> new RedisLane(this, name + i)).toList();
    setup.timer().watch(this);
    lanes.forEach(RedisLane::start);
  }

  /**
   * Sends one request.
   *
   * @param keys how many keys it holds
   * @param bytes of its values, for the metrics
   * @param size of all that it sends, in bytes
   * @return fails UNAVAILABLE where the demand does not allow this server, THROTTLED where too much
   *     waits for it, and TIMEOUT at the deadline
   */
  <T extends @Nullable Object> CompletableFuture<T> send(
      Operation operation,
      int keys,
      long bytes,
      long size,
      Demand demand,
      RedisCommand<T> command) {
    Deadline given = demand.deadline();
    RedisRequest<T> request =
        new RedisRequest<>(
            operation,
            keys,
            bytes,
            size,
            demand,
            given == null ? Deadline.after(setup.timeout()) : given,
            command);
    StoreException refusal = refusal(request);
    if (refusal != null) {
      request.fail(refusal);
      return request.result();
    }
    queue.add(request);
    setup.timer().wake();
    StoreException over = closed;
    if (over != null) {
      failQueued(over);
    }
    return request.result();
  }

  /** Why a request is not admitted, or null; then it has its room. */
  private @Nullable StoreException refusal(RedisRequest<?> request) {
    StoreException over = closed;
    if (over != null) {
      return over;
    }
    Demand demand = request.demand();
    if (!demand.allows(breaker)) {
      return notInUse;
    }
    if (!room.reserve(request.weight(), demand.use())) {
      setup.meter().count("redis.rejected", 1);
      breaker.failed(demand.use(), full);
      return full;
    }
    return null;
  }

  /** Succeeds when the server has answered some times in a row, each time fast. */
  <T> CompletionStage<Void> probe(RedisCommand<T> command) {
    return probe(() -> send(Operation.ADMIN, 0, 0, 0, Demand.probe(), command), PROBES);
  }

  private <T> CompletionStage<Void> probe(Supplier<CompletableFuture<T>> ask, int times) {
    long start = System.nanoTime();
    return ask.get()
        .thenCompose(
            answer -> {
              long nanos = System.nanoTime() - start;
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

  /**
   * The next requests for a connection: one, and its share of those that all of them have left
   * waiting.
   */
  List<RedisRequest<?>> next() throws InterruptedException {
    List<RedisRequest<?>> turn = new ArrayList<>(TURN);
    RedisRequest<?> first = queue.take();
    while (isDropped(first)) {
      first = queue.take();
    }
    turn.add(first);
    int keys = first.keys();
    int share = queue.size() / lanes.size();
    while (turn.size() <= share && hasSpace(turn.size(), keys)) {
      RedisRequest<?> next = queue.poll();
      if (next == null) {
        break;
      }
      if (!isDropped(next)) {
        turn.add(next);
        keys += next.keys();
      }
    }
    return turn;
  }

  private static boolean hasSpace(int requests, int keys) {
    return requests < TURN || requests < LONG_TURN && keys < LONG_TURN_KEYS;
  }

  /** Whether a request has ended while it waited; its room is given back then. */
  private boolean isDropped(RedisRequest<?> request) {
    boolean done = request.isDone();
    if (done) {
      release(request);
    }
    return done;
  }

  /** Gives back the room of a request that nothing here holds any more. */
  void release(RedisRequest<?> request) {
    room.release(request.weight());
  }

  /**
   * Ends requests whose deadline is over, and reads that wait for a server which is no longer in
   * use; counts those that wait as slow answers. For the timer's thread.
   *
   * @return whether there are any requests
   */
  boolean sweep(long now) {
    if (isIdle()) {
      return false;
    }
    for (RedisLane lane : lanes) {
      long began = lane.turnBegan();
      boolean connected = lane.isConnected();
      lane.turn().forEach(request -> look(request, connected, began, now));
      lane.cutIfBusyFor(PATIENCE * setup.timeout().toNanos(), now);
    }
    // What was not sent is no news of the server, however long it waits.
    boolean connected = lanes.stream().anyMatch(RedisLane::isConnected);
    queue.forEach(request -> look(request, connected, now, now));
    return true;
  }

  private void look(RedisRequest<?> request, boolean connected, long began, long now) {
    if (request.isDone()) {
      return;
    }
    Demand.Use use = request.demand().use();
    if (request.isOver()) {
      if (request.beginEnd()) {
        end(request, connected, began != now);
      }
    } else if (use == Demand.Use.READ && !breaker.isRead()) {
      if (request.beginEnd()) {
        setup.timer().followers().execute(() -> request.fail(notInUse));
      }
    } else if (use == Demand.Use.READ && request.waitsFor(breaker.bound(), began, now)) {
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
                    : ": no connection within 'redis.timeout' of the request's admission; does the"
                        + " server answer, and does 'redis.tls' say what it speaks?"));
    Demand.Use use = request.demand().use();
    if (isSent || use == Demand.Use.WRITE) {
      breaker.failed(use, late);
    }
    setup.timer().followers().execute(() -> request.fail(late));
  }

  boolean isIdle() {
    return room.requests() == 0;
  }

  QueueRoom room() {
    return room;
  }

  Breaker breaker() {
    return breaker;
  }

  Meter meter() {
    return setup.meter();
  }

  /** Returns what a request fails with that has waited until the server was no longer in use. */
  StoreException notInUse() {
    return notInUse;
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
    setup.timer().forget(this);
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
      release(left);
    }
  }
}
