package io.dimstore.hbaseredis;

import io.dimstore.spi.Deadline;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics.Operation;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A command that waits for a connection, and its answer. Sent and answered by one lane at a time;
 * its deadline may end it at any time, and then a later answer is read and dropped.
 *
 * @param <T> the answer
 */
final class RedisRequest<T extends @Nullable Object> {

  /** What a request takes in memory beside its keys and values, about. */
  private static final int OVERHEAD = 200;

  private static final int OVERHEAD_OF_KEY = 48;

  private final CompletableFuture<T> result = new CompletableFuture<>();
  private final Operation operation;
  private final int keys;
  private final long bytes;
  private final long weight;
  private final Demand demand;
  private final Deadline deadline;
  private final RedisCommand<T> command;
  private long sentAt;

  /** Of the timer's thread alone: when it last counted as waiting, and whether it is at its end. */
  private long countedAt = System.nanoTime();

  private boolean ending;

  /**
   * Creates a request that is admitted now.
   *
   * @param bytes of its values, for the metrics
   * @param size of all that it sends, in bytes
   */
  RedisRequest(
      Operation operation,
      int keys,
      long bytes,
      long size,
      Demand demand,
      Deadline deadline,
      RedisCommand<T> command) {
    this.operation = operation;
    this.keys = keys;
    this.bytes = bytes;
    this.weight = OVERHEAD + (long) keys * OVERHEAD_OF_KEY + size;
    this.demand = demand;
    this.deadline = deadline;
    this.command = command;
  }

  CompletableFuture<T> result() {
    return result;
  }

  int keys() {
    return keys;
  }

  /** Returns about how many bytes it holds. */
  long weight() {
    return weight;
  }

  Demand demand() {
    return demand;
  }

  boolean isDone() {
    return result.isDone();
  }

  boolean isOver() {
    return deadline.isOver();
  }

  /**
   * Whether it has waited for its answer for so long, since its turn began or since it was last
   * counted; then it is counted now.
   */
  boolean waitsFor(long nanos, long turnBegan, long now) {
    if (now - countedAt < nanos || now - turnBegan < nanos) {
      return false;
    }
    countedAt = now;
    return true;
  }

  /** Whether this is the first time that its end is decided by the timer. */
  boolean beginEnd() {
    boolean first = !ending;
    ending = true;
    return first;
  }

  boolean fail(StoreException failure) {
    return result.completeExceptionally(failure);
  }

  void send(RedisConnection connection) {
    sentAt = System.nanoTime();
    command.send(connection);
  }

  /** Reads the answer, and tells metrics and breaker before it is passed on. */
  void receive(RedisConnection connection, Meter meter, Breaker breaker, int retries) {
    T answer = command.receive(connection);
    measure(meter, retries, null);
    if (!result.isDone()) {
      breaker.answered(demand.use(), System.nanoTime() - sentAt);
      result.complete(answer);
    }
  }

  /** Tells the metrics of an attempt that failed. */
  void measure(Meter meter, int retries, @Nullable StoreException failure) {
    meter.request(
        Meter.REDIS, operation, keys, bytes, System.nanoTime() - sentAt, retries, failure);
  }
}
